"""Another division's record is answered as an absent one: the same status, the same words, the same time."""

import re
import statistics
import time
from itertools import pairwise

import pytest
from django.urls import reverse

from catalog.models import QualityFlag
from directory.models import Role, User, UserSession
from records.models import ImportBatch
from records.trail import Actor
from tests.factories import appoint, import_csv, make_standard, make_user

pytestmark = pytest.mark.django_db
ABSENT = 10**9
TRIES, APART = 200, 0.005

ADDRESSES = [
    ("import", "get"),
    ("import_rejects", "get"),
    ("import_remap", "post"),
    ("import_apply", "post"),
    ("import_discard", "post"),
    ("import_revert", "post"),
    ("flag_settle", "post"),
    ("session_end", "post"),
    ("admin:records_importbatch_change", "get"),
    ("admin:records_importbatch_history", "get"),
    ("admin:catalog_qualityflag_change", "get"),
    ("admin:catalog_qualityflag_history", "get"),
]


@pytest.fixture
def foreign(client, tmp_path):
    """Another division's batch, flag and session; the client is signed in as a cataloguer of 南通市."""
    other, user = make_user("zhejiang"), make_user("nantong")
    appoint(other, Role.CATALOGUER, "330000")
    appoint(user, Role.CATALOGUER, "320600")
    other = User.objects.get(pk=other.pk)
    by = Actor(other, "web", role=other.acting.role, division=other.acting.division)
    import_csv(tmp_path, "标准编号,标准名称\nGB/T 1-2020,茶\n坏,坏\n", by=by, apply=False)
    make_standard("DB33/T 1-2020", implemented_on=None)
    client.force_login(other)
    client.get("/account/")
    session = UserSession.objects.get(user=other)
    client.cookies.clear()
    client.force_login(User.objects.get(pk=user.pk))
    return {"import": ImportBatch.objects.get().pk, "flag": QualityFlag.objects.get().pk, "session": session.pk}


def key_of(name: str) -> str:
    return "import" if "import" in name else "flag" if "flag" in name else "session"


def words(answer) -> str:
    """A page without what differs from request to request, and without its own address."""
    return re.sub(r"[0-9A-Za-z_-]{32,64}|[0-9a-f]{12}|/\d+/", "", answer.content.decode())


@pytest.mark.parametrize(("name", "method"), ADDRESSES)
def test_the_status_and_the_words_are_the_same(client, foreign, name, method):
    answers = [
        getattr(client, method)(reverse(name, args=[pk]), {"resolution": "x"} if method == "post" else {})
        for pk in (foreign[key_of(name)], ABSENT)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert words(answers[0]) == words(answers[1])


@pytest.mark.parametrize(("name", "method"), [("import", "get"), ("flag_settle", "post"), ("session_end", "post")])
def test_the_time_is_the_same(client, foreign, name, method):
    """Asked in turn, so that whatever slows the machine slows both; three times, of which the best counts."""

    def seconds(pk: int) -> float:
        began = time.perf_counter()
        getattr(client, method)(reverse(name, args=[pk]), {"resolution": "x"} if method == "post" else {})
        return time.perf_counter() - began

    apart = []
    for _attempt in range(3):
        taken = [(seconds(foreign[key_of(name)]), seconds(ABSENT)) for _try in range(TRIES)]
        medians = [statistics.median(one) for one in zip(*taken, strict=True)]
        apart += [abs(a - b) for a, b in pairwise(medians)]
        if apart[-1] < APART:
            break

    assert min(apart) < APART
