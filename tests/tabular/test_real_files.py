"""The collected files are read completely; they are never part of the repository."""

import pytest

from tabular.dates import NotADate, parse_date
from tabular.reading import read_table

EXPECTED = {
    "standards/csres.csv": ("csv", 12_219, 7),
    "standards/architecture.csv": ("csv", 31, 6),
    "standards/openstd_raw.json": ("json", 1_660, 11),
    "standards/openstd_blocks.txt": ("blocks", 955, 11),
    "standards/sports_2026-03-17.json": ("json", 44, 19),
    "standards/sports_2026-04-01.json": ("json", 429, 19),
    "standards/sports_2026-05-29.json": ("json", 404, 19),
    "standards/medical_devices.json": ("json", 2_141, 15),
    "standards/iso.jsonl": ("jsonl", 5_000, 14),
    "standards/detail_pages/jbt_13368_2018.json": ("json", 5, None),
    "reference/gbt4754_2017.xlsx": ("xlsx", 1_768, 2),
    "reference/ccs_level3.csv": ("csv", 1_608, 4),
    "numbers/odd_numbers.tsv": ("tsv", 43, 1),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_row_is_read(real_data, name):
    path = real_data / name
    if not path.exists():
        pytest.skip(f"{name} is not among the collected data")
    format, rows, columns = EXPECTED[name]

    with read_table(path) as reader:
        found = list(reader)

    assert (reader.format, len(found)) == (format, rows)
    assert columns in (None, len(reader.columns))
    assert [row for row in found if row.errors] == []


def test_every_date_of_the_catalogues_is_understood(real_data):
    refused = []
    for name, columns in {
        "csres.csv": {"implement_date", "updated_at"},
        "openstd_raw.json": {"发布日期", "实施日期"},
        "medical_devices.json": {"approval_date", "effective_date"},
        "iso.jsonl": {"dates.published", "dates.updated"},
    }.items():
        with read_table(real_data / "standards" / name) as reader:
            places = [index for index, column in enumerate(reader.columns) if column in columns]
            for row in reader:
                for place in places:
                    try:
                        parse_date(row.cells[place])
                    except NotADate as error:
                        refused.append((name, row.number, error.code))

    # Prose where a date should stand: 与…同步实施.
    prose = [("medical_devices.json", number, "not_a_date") for number in (1148, 1154, 1337)]
    assert refused == prose
