"""What the database itself refuses of saved searches."""

import pytest
from django.db import IntegrityError, transaction

from directory.models import SavedSearch

pytestmark = pytest.mark.django_db


def refused(**values) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        SavedSearch.objects.create(list="standards", **values)
    return str(error.value)


def test_an_account_gives_a_search_name_once(clerk):
    SavedSearch.objects.create(user=clerk, list="standards", name="茶")
    SavedSearch.objects.create(user=clerk, list="organizations", name="茶")

    text = refused(user=clerk, name="茶")

    assert "an_account_gives_a_search_name_once" in text or "savedsearch.name" in text


def test_a_subscribed_search_knows_what_was_seen(clerk):
    assert "a_subscribed_search_knows_what_was_seen" in refused(user=clerk, name="茶", subscribed=True)
