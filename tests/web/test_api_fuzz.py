"""Whatever the schema allows and much that it does not: no answer is a failure of ours."""

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error

from standards_hub.wsgi import application
from tests.factories import make_standard

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def api_schema(db):
    """The schema as served, over a small catalogue; requests share the test's own connection."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    make_standard("GB/T 1-2010", "茶叶", implemented_on="2010-02-01", ics=["67.140.10"])
    make_standard("GB/T 1-2020", "茶叶 通则", implemented_on="2020-02-01", replaces=["GB/T 1-2010"])
    make_standard("DB32/T 3-2021", "醋", implemented_on="2021-01-01", department="江苏省市场监督管理局")
    yield schemathesis.openapi.from_wsgi("/api/v1/schema/", application, headers={"Host": "localhost"})
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


schema = schemathesis.pytest.from_fixture("api_schema")
GENTLY = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@schema.parametrize()
@GENTLY
def test_nobody_can_make_the_api_fail(case):
    cache.clear()

    case.call_and_validate(checks=[not_a_server_error], headers={"Host": "localhost"})


@schema.parametrize()
@GENTLY
def test_a_cataloguer_cannot_make_the_api_fail(case, token):
    cache.clear()

    headers = {"Host": "localhost", "Authorization": f"Token {token}", "If-Match": '"1"'}
    case.call_and_validate(checks=[not_a_server_error], headers=headers)
