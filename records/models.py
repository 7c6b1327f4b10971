"""What was done: the trail of events and the batches that brought data in."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import connections, models
from django.db.models import F, Q, Value
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from .paths import is_province, under_any


class AppendOnly(Exception):
    """Somebody tried to change or delete a row of the trail."""


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that are written once; corrections are further rows."""

    def update(self, **kwargs):
        raise AppendOnly("What was written is never changed.")

    def delete(self):
        raise AppendOnly("What was written is never deleted.")


class AppendOnlyModel(models.Model):
    """A model whose rows are written once. Triggers in the database hold whoever comes past the model to the same."""

    class Meta:
        abstract = True

    def save(self, **kwargs):
        if not self._state.adding:
            raise AppendOnly("What was written is never changed.")
        super().save(**kwargs | {"force_insert": True})

    def delete(self, **kwargs):
        raise AppendOnly("What was written is never deleted.")


# Actions of which there are few: all but those of records that are kept.
EVERYDAY = ("created", "updated")
RARE = ~Q(action="created") & ~Q(action="updated")  # as SQLite recognises it


BOOLEAN = models.BooleanField()


def _says(name: str, template: str) -> models.Func:
    """A partial index's own condition, written out: SQLite plans anew each time where a value is bound in it."""
    return models.Func(F(name), template=template, output_field=BOOLEAN)


class _Before(models.Func):
    """`(a, b) < (c, d)`: one step into an index of both columns, which AND and OR would not be."""

    output_field = BOOLEAN

    def as_sql(self, compiler, connection, **extra):
        parts = [compiler.compile(one) for one in self.source_expressions]
        (a, b, c, d), values = zip(*parts, strict=True)
        return f"({a}, {b}) < ({c}, {d})", [one for some in values for one in some]


class Versioned(models.Model):
    """A record that people edit: every write of an edited column moves `version` on (`records.versions`)."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True


class EventQuerySet(AppendOnlyQuerySet):
    def about(self, target: models.Model):
        """The history of one object."""
        return self.filter(object_type=target._meta.label_lower, object_id=target.pk)

    def in_division(self, path: str):
        """What was done for a division and those below it; `path` is its separator path."""
        return self._beginning("division", path)

    def labelled(self, beginning: str):
        """Events of objects whose name begins so, to the letter."""
        return self._beginning("object_label", beginning)

    def between(self, start: datetime, stop: datetime):
        """From an instant on, to before another."""
        return self.filter(at__gte=start, at__lt=stop)

    def newest_first(self, before: tuple[datetime, int] | None = None):
        """By their time, those of one moment by their number; only what comes after a place in this order, if one is given."""
        ordered = self.order_by("-at", "-id")
        return ordered.filter(_Before("at", "id", *map(Value, before))) if before else ordered

    def rarely(self, action: str):
        """Events of an action that is not an everyday one, as its index has them."""
        return self.filter(*(_says("action", f"NOT (%(expressions)s = '{one}')") for one in EVERYDAY), action=action)

    def stated(self, **values: str):
        """Events that bear these words in columns that most events leave blank."""
        return self.filter(*(_says(name, "%(expressions)s > ''") for name in values), **values)

    def _beginning(self, name: str, text: str):
        if connections[self.db].vendor == "postgresql":
            return self.filter(**{f"{name}__startswith": text})
        # SQLite's LIKE takes great letters for small ones and so reads the whole table; its order is that of code points.
        # It knows nothing of how values are spread: without the hint it would rather go through all of a month.
        few = models.Func(
            GreaterThanOrEqual(F(name), text), template="likelihood(%(expressions)s, 0.001)", output_field=BOOLEAN
        )
        return self.filter(few, **{f"{name}__lt": text + "\U0010ffff"})


class Event(AppendOnlyModel):
    """One change of one object: who, when, from where, what, before → after, why, under which document.

    `changes` maps a field to `[before, after]`, both JSON values. Verbs write events through
    `records.trail`, in the transaction of the change; a verb that changed nothing writes none.
    A column added later must be blank or NULL in the events from before, so that their seals hold
    (`records.event_digests`).
    """

    class Action(models.TextChoices):
        CREATED = "created", _("created")
        UPDATED = "updated", _("updated")
        VOIDED = "voided", _("voided")
        SETTLED = "settled", _("settled")
        APPLIED = "applied", _("applied")
        REVERTED = "reverted", _("reverted")
        DISCARDED = "discarded", _("discarded")
        GRANTED = "granted", _("granted")
        REVOKED = "revoked", _("revoked")
        REGISTERED = "registered", _("registered")
        SIGNED_IN = "signed_in", _("signed in")
        REFUSED = "refused", _("refused")
        EXPORTED = "exported", _("exported")
        VERIFIED = "verified", _("verified")

    class Channel(models.TextChoices):
        WEB = "web", _("web page")
        API = "api", _("API")
        COMMAND = "command", _("command line")
        SYSTEM = "system", _("system")

    at = models.DateTimeField(_("at"))
    # Its index is that of the actor's days, below.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("who"),
    )
    actor_name = models.CharField(_("who (as written then)"), max_length=150)
    role = models.CharField(_("role"), max_length=20, blank=True)
    division = models.CharField(_("division (as it was then)"), max_length=30, blank=True)
    channel = models.CharField(_("from where"), max_length=10, choices=Channel)
    address = models.CharField(_("address"), max_length=45, blank=True)
    request_id = models.CharField(_("request number"), max_length=36, blank=True)
    action = models.CharField(_("action"), max_length=10, choices=Action)
    object_type = models.CharField(_("kind of object"), max_length=60)
    object_id = models.BigIntegerField(_("object number"))
    object_label = models.CharField(_("object"), max_length=200)
    changes = models.JSONField(_("changes"), default=dict)
    reason = models.TextField(_("reason"), blank=True)
    document = models.CharField(_("under which document"), max_length=200, blank=True)
    batch = models.ForeignKey(
        "ImportBatch", models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("import batch")
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("trail")
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="event_of_object"),
            models.Index(fields=["at", "id"], name="event_by_time"),
            # What imports write in masses is left out of these two, so that they cost imports nothing.
            models.Index(fields=["action", "at"], name="event_of_rare_action", condition=RARE),
            models.Index(fields=["document"], name="event_under_document", condition=Q(document__gt="")),
            models.Index(fields=["request_id"], name="event_of_request", condition=Q(request_id__gt="")),
            models.Index(fields=["address", "at"], name="event_from_address", condition=Q(address__gt="")),
            models.Index(fields=["actor", "at"], name="event_of_actor_by_day"),
            # Asked by their beginning, whatever order of letters the database was made with.
            models.Index(
                fields=["division", "at"],
                name="event_of_division_by_day",
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
            ),
            models.Index(fields=["object_label"], name="event_by_label", opclasses=["varchar_pattern_ops"]),
        ]
        ordering = ["-id"]

    def __str__(self):
        return f"{self.object_label} · {self.get_action_display()}"


class Seal(AppendOnlyModel):
    """The proof of what stood in the trail at one moment; `records.seals` makes them, `records.verifying` reads them.

    A seal answers for the ids `first_id` to `last_id`: those it saw, with the digest of each, and those it did not see
    (`gaps`: rolled back, or not committed yet). `late` are ids below `first_id` that were committed after their
    range had been sealed. It is chained to the one before by that one's `mac`.
    """

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("at"))
    algorithm = models.CharField(_("hash algorithm"), max_length=20)
    first_id = models.BigIntegerField(_("first event"))
    last_id = models.BigIntegerField(_("last event"))
    count = models.PositiveIntegerField(_("events"))
    late = models.JSONField(_("ranges of late events"), default=list, blank=True)
    gaps = models.JSONField(_("ranges not seen, each with the moment of its seal"), default=list, blank=True)
    digests = models.BinaryField(_("digests of the events"))
    digest = models.CharField(_("digest of the digests"), max_length=128)
    previous = models.CharField(_("seal before"), max_length=128, blank=True)
    mac = models.CharField(_("message authentication code"), max_length=128)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["number"]

    def __str__(self):
        return f"#{self.number}"


class ImportBatchQuerySet(models.QuerySet):
    def within(self, paths: Sequence[str], user):
        """An account's own batches and those of the divisions at and below some paths; the server keeper's are the provinces'."""
        ours = under_any(paths, "division")
        if any(map(is_province, paths)):
            ours |= Q(division="")
        mine = Q(previewed_by=user)
        if connections[self.db].vendor == "postgresql":  # joins both indexes by itself
            return self.filter(mine | ours)
        # SQLite would go through all batches.
        every = self.model._base_manager.order_by()
        return self.filter(pk__in=every.filter(mine).values("pk").union(every.filter(ours).values("pk")))


class ImportBatch(models.Model):
    """One file on its way in: previewed, then applied or discarded, perhaps reverted later.

    The four counts always satisfy read = created + updated + unchanged + rejected.
    """

    class State(models.TextChoices):
        PREVIEWING = "previewing", _("being read")
        PREVIEWED = "previewed", _("previewed")
        APPLIED = "applied", _("applied")
        DISCARDED = "discarded", _("discarded")
        REVERTED = "reverted", _("reverted")

    kind = models.CharField(_("kind of record"), max_length=30)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREVIEWING)
    file_name = models.CharField(_("file"), max_length=255)
    file_hash = models.CharField(_("SHA-256 of the file"), max_length=64, db_index=True)
    source = models.CharField(_("source"), max_length=100)
    as_of = models.DateField(_("the source's own day"))
    mapping = models.JSONField(_("which column is what"), default=dict)
    columns = models.JSONField(_("columns"), default=list)
    read = models.PositiveIntegerField(_("read"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    file_path = models.CharField(max_length=500, blank=True, editable=False)
    is_example = models.BooleanField(_("example"), default=False)
    division = models.CharField(_("division (as it was then)"), max_length=30, blank=True)
    previewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("previewed by")
    )
    previewed_at = models.DateTimeField(_("previewed at"))
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("applied by")
    )
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    reverted_at = models.DateTimeField(_("reverted at"), null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import batch")
        verbose_name_plural = _("import batches")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["division"], name="batch_by_division", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["kind", "state", "is_example", "as_of"], name="batch_latest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(read=F("created") + F("updated") + F("unchanged") + F("rejected")),
                name="batch_counts_every_row_once",
                violation_error_message=_("Read rows must equal created + updated + unchanged + rejected."),
            )
        ]

    def __str__(self):
        return f"#{self.pk} {self.file_name}"

    @property
    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in ("read", "created", "updated", "unchanged", "rejected")}


class ImportRow(models.Model):
    """What one row of a batch says and what it would do; staged by the preview, read by the apply."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("new")
        UPDATED = "updated", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        REJECTED = "rejected", _("rejected")

    # No index of its own: the constraint has one that begins with it.
    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, db_index=False, related_name="rows", verbose_name=_("import batch")
    )
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    label = models.CharField(_("record"), max_length=200, blank=True)
    values = models.JSONField(_("values read"), default=dict)
    changes = models.JSONField(_("changes"), default=dict)
    problems = models.JSONField(_("reasons"), default=list)
    notes = models.JSONField(_("notes"), default=list)
    object_id = models.BigIntegerField(_("number of the record that stood before"), null=True)
    object_version = models.PositiveIntegerField(_("version when previewed"), null=True)
    revert_refused = models.CharField(_("why it was not reverted"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("import row")
        verbose_name_plural = _("import rows")
        ordering = ["number"]
        indexes = [models.Index(fields=["batch", "outcome", "number"], name="row_of_batch_by_outcome")]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="a_row_stands_once_in_its_batch")]

    def __str__(self):
        return f"{self.batch_id}:{self.number}"


class ImportProfile(Versioned):
    """What each column of a shape of file means, as staff last corrected it.

    A shape is the sorted header words of a file, hashed; the same shape next year finds its profile again.
    """

    kind = models.CharField(_("kind of record"), max_length=30)
    shape = models.CharField(_("shape of the file"), max_length=64)
    name = models.CharField(_("name"), max_length=100, blank=True)
    mapping = models.JSONField(_("which column is what"), default=dict)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("import profile")
        verbose_name_plural = _("import profiles")
        constraints = [models.UniqueConstraint(fields=["kind", "shape"], name="one_profile_per_shape_of_file")]

    def __str__(self):
        return self.name or self.shape[:8]


class FormToken(models.Model):
    """A form that was sent: the same form sent again gets the same answer (`records.once`)."""

    token_hash = models.CharField(_("hash of the token"), max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    answer = models.TextField(_("where its answer led"), blank=True)
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("form token")
        verbose_name_plural = _("form tokens")
        constraints = [models.UniqueConstraint(fields=["token_hash"], name="a_form_is_taken_once")]

    def __str__(self):
        return f"{self.token_hash[:12]} → {self.answer}"
