"""How a standard is written where people cite it."""

import pytest

from catalog.citation_forms import printed, reference


@pytest.mark.parametrize(
    ("number", "level", "form"),
    [
        ("GB/T 1.1-2020", "national", "GB/T 1.1—2020"),
        ("GB/T 15629.11-2003/XG1-2006", "national", "GB/T 15629.11—2003/XG1—2006"),
        ("DBJ/T 15-38-2019", "provincial", "DBJ/T 15-38—2019"),
        ("DB31/T 310003-2021", "provincial", "DB31/T 310003—2021"),
        ("GSB 07-1234-2000", "national", "GSB 07-1234—2000"),
        ("GB 7000.1-2015E", "national", "GB 7000.1—2015E"),
        ("Q/0212HDZ001-2019", "enterprise", "Q/0212HDZ001—2019"),
        ("CECS 03-2007", "group", "CECS 03—2007"),
        ("ISO 9001:2015", "international", "ISO 9001:2015"),
        ("IEC 61000-4-2:2008", "international", "IEC 61000-4-2:2008"),
        ("GB/T 24421.2", "national", "GB/T 24421.2"),
    ],
)
def test_printed(number, level, form):
    assert printed(number, level) == form


def test_reference():
    assert reference("GB/T 1-2020", "茶叶", "national") == "茶叶: GB/T 1—2020[S]."
