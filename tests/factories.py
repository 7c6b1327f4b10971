"""Plain functions that put records into the test database through the product's own verbs."""

from datetime import date
from pathlib import Path

from django.contrib.auth.models import Permission

from catalog.editions import Write, write_editions
from catalog.importing import import_facts
from catalog.merging import stated_relations
from catalog.models import Standard
from catalog.numbers import parse
from catalog.reading import Reading
from catalog.replacements import Mention
from directory.models import User
from records.importing import apply_batch, preview_file
from records.models import ImportBatch
from records.trail import SYSTEM, Actor

PASSWORD = "a test password 1"


def make_user(name: str = "clerk", *, cataloguer: bool = False, **fields) -> User:
    user = User.objects.create_user(name, password=PASSWORD, is_staff=cataloguer, **fields)
    if cataloguer:
        user.user_permissions.set(
            Permission.objects.filter(content_type__app_label__in=["catalog", "records", "directory"])
        )
    return User.objects.get(pk=user.pk)


def make_standard(
    number: str, title: str = "测试用标准", *, by: Actor = SYSTEM, replaces=(), partly_replaces=(), **state
) -> Standard:
    """A standard by its number; `state` takes the names of `catalog.states`, days as ISO text or dates."""
    parsed = parse(number)
    reading = Reading(
        number=parsed,
        mentions=[Mention("replaces", parse(one)) for one in replaces]
        + [Mention("replaces", parse(one), True) for one in partly_replaces],
    )
    after = {"title": title, **{k: v.isoformat() if isinstance(v, date) else v for k, v in state.items()}}
    if facts := stated_relations(reading):
        after["relations"] = sorted(facts)
    return write_editions([Write(after, number=parsed)], by=by)[0]


def import_csv(
    folder: Path, text: str, *, name: str = "list.csv", by: Actor = SYSTEM, apply: bool = True, **facts
) -> ImportBatch:
    """Preview (and apply) a csv file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    batch = preview_file(path, kind="standards", facts=import_facts(path, **facts), by=by)
    return apply_batch(batch, by=by) if apply else batch
