"""Which department a source's words mean. Pure: names in, a name out.

Catalogues cut long names off ("国家质量监督检验检疫.") and print joint issuers in one cell. The first name of a
joint cell is the competent one; a cut-off name is completed only where exactly one known name begins so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

JOINT = re.compile(r"[、，,;；/|]|\s+(?=\S)")
CUT_OFF = re.compile(r"[.．。…]+$")
# 信息产业部（电子）: the branch within the department.
BRANCH = re.compile(r"[（(][^（(]*$")
LOOKS_COMPLETE = re.compile(
    r"(局|部|委|委员会|办公室|署|院|厅|会|社|中心|银行|公司|集团|协会|联合会|总社|法院|ISO|IEC|ITU)$"
)

# Central bodies that catalogues cut off most, today's and earlier ones; renames are a later matter.
CENTRAL = (
    "国家市场监督管理总局",
    "国家标准化管理委员会",
    "国家质量监督检验检疫总局",
    "国家质量技术监督局",
    "国家技术监督局",
    "国家标准局",
    "国家标准总局",
    "中国国家标准化管理委员会",
    "国家卫生健康委员会",
    "国家卫生和计划生育委员会",
    "国家环境保护总局",
    "国家环境保护局",
    "环境保护部",
    "生态环境部",
    "住房和城乡建设部",
    "工业和信息化部",
    "国家食品药品监督管理总局",
    "国家食品药品监督管理局",
    "国家药品监督管理局",
    "国家发展和改革委员会",
    "人力资源和社会保障部",
    "农业农村部",
    "交通运输部",
    "国家安全生产监督管理总局",
    "中华全国供销合作总社",
    "国家新闻出版广电总局",
    "国家广播电视总局",
)


def provincial_bureaus(provinces: Iterable[str]) -> set[str]:
    """The names that each province's bureau has had since 1999."""
    return {f"{name}{suffix}" for name in provinces for suffix in ("市场监督管理局", "质量技术监督局")}


@dataclass(frozen=True, slots=True)
class Department:
    """`name` is "" where the words say none or cannot be completed; `unclear` tells these apart."""

    name: str = ""
    completed: bool = False
    unclear: bool = False


class DepartmentReader:
    """Reads department cells against the names known so far; whole names seen join them."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = set(known) | set(CENTRAL)
        self._read: dict[str, Department] = {}

    def read(self, words: str) -> Department:
        if words not in self._read:
            self._read[words] = self._department(words)
        return self._read[words]

    def _department(self, words: str) -> Department:
        text = words.strip()
        first = JOINT.split(text)[0].strip() if text else ""
        if not first:
            return Department(unclear=bool(text))
        first = BRANCH.sub("", first) or first
        stem = CUT_OFF.sub("", first)
        if stem in self.known:
            return Department(stem)
        if stem == first and LOOKS_COMPLETE.search(first):
            self.known.add(first)
            return Department(first)
        completions = [name for name in self.known if name.startswith(stem)] if len(stem) > 3 else []
        if len(completions) == 1:
            return Department(completions[0], completed=True)
        return Department(unclear=True)
