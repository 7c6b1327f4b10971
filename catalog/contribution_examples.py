"""Example contributions (示例): which example organizations drafted the invented standards.

They show what the ledger is for: two organizations of one division on one standard, so that the division counts fewer
standards than its organizations together; a former name; a body printed as responsible; and a name that means nobody yet.
"""

import csv
import tempfile
from pathlib import Path

from records.importing import apply_batch, preview_file
from records.source_facts import import_facts
from records.trail import Actor

from .models import Contribution, Standard

SOURCE = "示例"
# By the serial of the invented group standards; 示例食品厂 is nobody on record.
LISTS = {
    "001": "本文件起草单位：示例智能装备（江苏）有限公司、示例市标准计量研究所、示例标准化研究院。",
    "002": "负责起草单位：示例大学。参加起草单位：示例食品厂、示例企业有限公司。",
    "003": "示例市标准化研究院、示例企业有限公司等",
    "004": "示例食品厂",
}


def load_example_contributions(*, by: Actor) -> int:
    """Import who drafted the example standards and say how many lines; 0 where the ledger holds anything already."""
    if Contribution.objects.filter(voided_at__isnull=True).exists():
        return 0
    standards = Standard.objects.filter(is_example=True, voided_at__isnull=True, number__startswith="T/SLBZ ").order_by(
        "sort_key"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "example_contributions.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(("标准编号", "起草单位"))
            for number in standards.values_list("number", flat=True):
                if (serial := number[len("T/SLBZ ") :][:3]) in LISTS:
                    writer.writerow((number, LISTS[serial]))
        facts = import_facts(path, name="example_contributions.csv", source=SOURCE)
        batch = preview_file(path, kind="contributions", facts=facts, by=by)
        batch.is_example = True
        batch.save(update_fields=["is_example"])
        return apply_batch(batch, by=by).created
