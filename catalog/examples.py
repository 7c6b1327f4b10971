"""The example catalogue (示例): a few well-known standards, and invented ones that show what time does.

The well-known ones state public facts; whatever bears the invented group code SLBZ (示例标准) is made up. All of it is
marked as an example on every face and goes through the same import as any file.
"""

import csv
import tempfile
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Committee
from records.importing import apply_batch, preview_file, revert_batch
from records.models import ImportBatch
from records.registering import enter, void
from records.source_facts import import_facts
from records.trail import Actor

from .care_register import CARE
from .models import Care, Standard

SOURCE = "示例"
HEADER = ("标准编号", "标准名称", "英文名称", "发布日期", "实施日期", "状态", "主管部门", "代替标准", "ICS", "CCS")
QUALITY = ("国家标准化管理委员会", "03.120.10", "A00")

KNOWN = [
    ("GB/T 19001-2016", "质量管理体系 要求", "Quality management systems—Requirements", "2016-12-30", "2017-07-01", "GB/T 19001-2008"),
    ("GB/T 19001-2008", "质量管理体系 要求", "Quality management systems—Requirements", "2008-12-30", "2009-03-01", "GB/T 19001-2000"),
    ("GB/T 19001-2000", "质量管理体系 要求", "Quality management systems—Requirements", "2000-12-28", "2001-06-01", ""),
    ("GB/T 19000-2016", "质量管理体系 基础和术语", "Quality management systems—Fundamentals and vocabulary", "2016-12-30", "2017-07-01", ""),
    ("GB/T 1.1-2020", "标准化工作导则 第1部分：标准化文件的结构和起草规则", "", "2020-03-31", "2020-10-01", "GB/T 1.1-2009"),
    ("GB/T 1.1-2009", "标准化工作导则 第1部分：标准的结构和编写", "", "2009-06-17", "2010-01-01", ""),
    ("GB/T 1.2-2020", "标准化工作导则 第2部分：以ISO/IEC标准化文件为基础的标准化文件起草规则", "", "2020-11-19", "2021-06-01", "GB/T 20000.2-2009、GB/T 20000.9-2014"),
    ("GB/T 24421.1-2023", "服务业组织标准化工作指南 第1部分：总则", "", "2023-03-17", "2023-03-17", "GB/T 24421.1-2009"),
    ("GB/T 24421.2-2023", "服务业组织标准化工作指南 第2部分：标准体系构建", "", "2023-03-17", "2023-03-17", "GB/T 24421.2-2009"),
    ("GB/T 24421.2-2009", "服务业组织标准化工作指南 第2部分：标准体系", "", "2009-09-30", "2009-11-01", ""),
    ("GB/T 2260-2007", "中华人民共和国行政区划代码", "Codes for the administrative divisions of the People's Republic of China", "2007-11-14", "2008-02-01", ""),
    ("GB 32100-2015", "法人和其他组织统一社会信用代码编码规则", "", "2015-09-17", "2015-10-01", ""),
    ("GB/T 4754-2017", "国民经济行业分类", "Industrial classification for national economic activities", "2017-06-30", "2017-10-01", "GB/T 4754-2011"),
    ("GB/T 7714-2015", "信息与文献 参考文献著录规则", "", "2015-05-15", "2015-12-01", "GB/T 7714-2005"),
]  # fmt: skip


def invented(today: date) -> list[tuple[str, ...]]:
    """Made-up group standards whose days lie around today: in force for a while yet, upcoming, suspended."""
    day = {n: (today + timedelta(days=n)).isoformat() for n in (-900, -400, -60, -30, 20, 45)}
    year, last = today.year, today.year - 3
    return [
        (f"T/SLBZ 001-{last}", "示例：窗口服务规范（将被代替）", "", day[-900], day[-900], ""),
        (f"T/SLBZ 001-{year}", "示例：窗口服务规范", "", day[-30], day[45], f"T/SLBZ 001-{last}"),
        (f"T/SLBZ 002-{year}", "示例：小吃制作规程", "", day[-60], day[-30], ""),
        (f"T/SLBZ 003-{last}", "示例：老年人助餐服务规范", "", day[-400], day[-400], ""),
        (f"T/SLBZ 003-{last}/XG1-{year}", "《示例：老年人助餐服务规范》第1号修改单", "", day[-60], day[20], ""),
        (f"T/SLBZ 004-{last}", "示例：实施日期待核的标准", "", day[-400], "", ""),
    ]


def load_example_standards(*, by: Actor) -> ImportBatch | None:
    """Import the examples; None where the catalogue holds anything already."""
    if Standard.objects.filter(voided_at__isnull=True).exists():
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "examples.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(HEADER)
            for number, title, english, published, implemented, replaced in [*KNOWN, *invented(timezone.localdate())]:
                codes = QUALITY if number.startswith("GB") else ("", "03.080", "A12")
                writer.writerow([number, title, english, published, implemented, "", codes[0], replaced, *codes[1:]])
        facts = import_facts(path, name="examples.csv", source=SOURCE)
        batch = preview_file(path, kind="standards", facts=facts, by=by)
        batch.is_example = True
        batch.save(update_fields=["is_example"])
        return apply_batch(batch, by=by)


CARED = [("T/SLBZ 001", "SAC/TC 990"), ("T/SLBZ 002", "TZ/TC 9"), ("T/SLBZ 003", "TZ/TC 9")]


def load_example_care(*, by: Actor) -> int:
    """Say which example committee looks after which example standard; how many were entered."""
    examples = Standard.objects.filter(is_example=True, voided_at__isnull=True)
    committees = Committee.objects.standing().filter(is_example=True)
    entered = 0
    for beginning, number in CARED:
        committee = committees.filter(number=number).first()
        for standard in examples.counted().filter(number__startswith=beginning) if committee else []:
            if not Care.objects.standing().filter(standard=standard, committee=committee).exists():
                enter(CARE, {"standard": standard.pk, "committee": committee.pk}, by=by, is_example=True)
                entered += 1
    return entered


def remove_example_care(*, by: Actor) -> None:
    examples = Care.objects.standing().filter(is_example=True)
    void(CARE, list(examples), by=by, reason=_("The examples were removed."))


def remove_example_standards(*, by: Actor) -> int:
    """Take the examples out of the catalogue; what was changed since stays, and is counted."""
    left = 0
    for batch in ImportBatch.objects.filter(is_example=True, state=ImportBatch.State.APPLIED):
        left += len(revert_batch(batch, by=by))
    return left
