"""Loading the full ICS and CCS tables over the first levels that ship with the product."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from records.columns import Field
from records.mapping import guess_mapping
from records.models import Event
from records.trail import Actor, Change, differences, record_many
from records.versions import take_version
from tabular.limits import COMMAND_LIMITS
from tabular.reading import read_table
from tabular.text import clean_text

from .models import Classification

FIELDS = (
    Field("code", "code", ("code", "代码", "代码/code", "分类号")),
    Field("name", "name", ("name_zh", "名称", "名称/name", "中文名称", "name")),
    Field("name_en", "English name", ("name_en", "description", "英文名称")),
    Field("note", "note", ("note", "备注", "注释", "备注/notes", "注释/notes", "descriptionfull")),
)
CODES = {"ics": re.compile(r"\d{2}(\.\d{3}(\.\d{2})?)?"), "ccs": re.compile(r"[A-HJ-NP-Z](\d{2}(/\d{2})?)?")}
NAMED = ("name", "name_en", "note")
State = dict[str, str]
GROUP = re.compile(r"([A-Z])(\d{2})/(\d{2})")


@dataclass(frozen=True, slots=True)
class Node:
    """One row of a table: a code and its names."""

    code: str
    name: str
    name_en: str
    note: str


def read_classification(scheme: str, path: Path) -> tuple[list[Node], list[str]]:
    """The nodes of a file, and a line for each row that is none. Raises `tabular.errors.FileRefused`."""
    nodes, rejected = [], []
    with read_table(path, limits=COMMAND_LIMITS, known_names={word for one in FIELDS for word in one.words}) as table:
        columns = list(table.columns)
        mapping = guess_mapping(FIELDS, columns)
        at = {name: columns.index(column) for name, column in mapping.items()}
        for row in table:
            cells = {name: clean_text(row.cells[index] or "") for name, index in at.items()}
            code = cells.get("code", "")
            if row.errors or not CODES[scheme].fullmatch(code):
                rejected.append(f"{path.name}:{row.number}: {code!r} is no {scheme.upper()} code")
                continue
            nodes.append(_node(code, cells))
    return nodes, rejected


def _node(code: str, cells: dict[str, str]) -> Node:
    """A name in the Chinese column may turn out to be English (tables with one name column)."""
    name, english = cells.get("name", ""), cells.get("name_en", "")
    if name and name.isascii() and not english:
        name, english = "", name
    return Node(code, name[:200], english[:300], cells.get("note", ""))


@transaction.atomic
def load_classification(scheme: str, nodes: Sequence[Node], *, by: Actor, dry_run: bool = False) -> dict[str, int]:
    """Add and update nodes; a blank never erases. Returns how many were created, updated and unchanged."""
    rows = Classification.objects.filter(scheme=scheme)
    known = {one.code: one for one in rows.select_for_update()}
    codes = {one.pk: one.code for one in known.values()}
    before = {
        one.code: {name: getattr(one, name) for name in NAMED} | {"parent": codes.get(one.parent_id or 0, "")}
        for one in known.values()
    }
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    for node in sorted(nodes, key=lambda one: (len(one.code), one.code)):
        row = known.get(node.code)
        if row is None:
            counts["created"] += 1
            known[node.code] = Classification(scheme=scheme, code=node.code)
            _fill(known[node.code], node)
        else:
            counts["updated" if _fill(row, node) else "unchanged"] += 1
    if not dry_run:
        _save(known, before, by)
    return counts


def _fill(row: Classification, node: Node) -> bool:
    changed = False
    for name in NAMED:
        value = getattr(node, name)
        if value and getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _save(known: dict[str, Classification], before: dict[str, State], by: Actor) -> None:
    """Parents first, so that each node finds its own; each node that is new or changed leaves its event."""
    entries = []
    for code in sorted(known, key=lambda one: (_depth(one), one)):
        row, parent = known[code], known.get(_parent(code, known) or "")
        now = {name: getattr(row, name) for name in NAMED} | {"parent": parent.code if parent else ""}
        changes = differences(before.get(code, dict.fromkeys(now, "")), now)
        if code in before and not changes:
            continue
        row.parent = parent
        if code in before:
            take_version(row, row.version)
        row.save()
        action = Event.Action.UPDATED if code in before else Event.Action.CREATED
        entries.append(Change(action, Classification._meta.label_lower, row.pk, str(row), changes))
    record_many(entries, by=by)


def _depth(code: str) -> int:
    return code.count(".") + (1 if "/" in code else 2 if len(code) == 3 and code[0].isalpha() else 0)


def _parent(code: str, known: dict[str, Classification]) -> str | None:
    """`01.040.03` stands in `01.040`; `A07` in the group `A00/09` where the table has it, else in `A`."""
    if "." in code:
        return code.rpartition(".")[0]
    if len(code) == 3 and code[0].isalpha():
        for other in known:
            group = GROUP.fullmatch(other)
            if group and group[1] == code[0] and group[2] <= code[1:] <= group[3]:
                return other
    return code[0] if code[0].isalpha() and len(code) > 1 else None
