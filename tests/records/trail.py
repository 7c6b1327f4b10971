"""Events and seals for tests of the sealed trail, and ways past what guards them."""

from django.db import connection, models
from django.utils import timezone

from records.models import Event
from records.seals import seal_trail


def make_events(*numbers, **fields):
    """Events with these ids; the ids between are left out, as a rolled back transaction leaves them."""
    told = {"at": timezone.now(), "action": "updated", "channel": "web", "actor_name": "wang", "object_type": "a.b"}
    for number in numbers:
        changes = {"title": [f"甲{number}", f"乙{number}"]}
        values = {"pk": number, "object_id": number, "object_label": f"第{number}号", "changes": changes}
        Event.objects.create(**told | values | fields)


def sealed(*numbers):
    """The seal of new events with these ids."""
    make_events(*numbers)
    return seal_trail()[-1]


def unguarded(model):
    """The rows of an append-only model, to be changed (while the triggers are lifted too)."""
    return models.QuerySet(model)


def execute(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
