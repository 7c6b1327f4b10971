"""Whether the process is up and can serve."""

import pytest
from django.db import connection
from django.db.utils import OperationalError


@pytest.mark.django_db
def test_up_and_serving(client):
    answers = [client.get(path) for path in ("/healthz", "/readyz")]

    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"ok"), (200, b"ok")]


def test_up_without_a_database(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain")


@pytest.mark.django_db
def test_not_serving_without_a_database(client):
    def gone(execute, *args):
        raise OperationalError("gone")

    with connection.execute_wrapper(gone):
        answer = client.get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"database unavailable")
