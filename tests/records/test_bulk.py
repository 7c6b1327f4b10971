"""Writing many rows at once is writing each of them."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.models import Classification, Family, QualityFlag, Standard
from records.bulk import insert, update_column, update_columns
from records.models import ImportBatch, ImportRow
from tests.factories import make_standard

pytestmark = pytest.mark.django_db


def family(n):
    return Family(key=f"x {n}", slug=f"x-{n}", number=f"X {n}", base_key=f"x {n}")


def test_inserted_rows_have_keys_of_their_own_that_later_rows_do_not_get():
    rows = [family(n) for n in range(3)]

    insert(rows)
    last = Family.objects.create(key="y", slug="y", number="Y", base_key="y")

    assert [Family.objects.get(pk=row.pk).key for row in rows] == ["x 0", "x 1", "x 2"]
    assert last.pk not in {row.pk for row in rows}
    assert [row._state.adding for row in rows] == [False] * 3


def test_every_kind_of_value_comes_back_as_it_was():
    standard = make_standard("GB/T 1-2020")
    detail = {"文": ["‘引’", '"', None, 1.5, True], "tab": "a\tb\\c\nd"}
    now = datetime(2024, 5, 1, 12, 30, tzinfo=UTC)

    insert([QualityFlag(standard=standard, kind="reported", subject="\\N 'x'\t", detail=detail, opened_at=now)])

    flag = QualityFlag.objects.get(kind="reported")
    assert (flag.subject, flag.detail, flag.opened_at, flag.settled_at) == ("\\N 'x'\t", detail, now, None)


def test_nothing_is_inserted_from_nothing():
    insert([])
    insert(row for row in ())

    assert Family.objects.count() == 0


def test_a_refused_row_takes_the_others_with_it():
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([family(1), family(2), family(1)])

    assert Family.objects.count() == 0


def test_a_foreign_key_to_nothing_is_refused():
    batch = ImportBatch.objects.create(kind="x", as_of=date(2024, 1, 1), previewed_at=datetime.now(UTC))
    row = ImportRow(batch=batch, number=1, outcome="created")
    row.batch_id = batch.pk + 999

    insert([row])

    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()
    ImportRow.objects.filter(pk=row.pk).delete()


def test_a_column_of_many_rows_is_set_and_no_other_row_is_touched():
    pks = [make_standard(f"GB/T {n}-2020").pk for n in (1, 2, 3)]

    update_column(Standard, "replaced_on", [(pks[0], date(2024, 1, 1)), (pks[1], None)])
    update_columns(Standard, ["title", "year"], [(pks[1], ("题", 1999))])
    update_columns(Standard, ["title"], [])

    assert list(Standard.objects.order_by("pk").values_list("replaced_on", "title", "year")) == [
        (date(2024, 1, 1), "测试用标准", 2020),
        (None, "题", 1999),
        (None, "测试用标准", 2020),
    ]


def test_many_rows_cost_a_constant_number_of_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        insert([Classification(scheme="ccs", code=f"Z{n}") for n in range(2000, 4500)])

    assert Classification.objects.filter(code__startswith="Z", code__gte="Z2000").count() == 2500
