"""Searches that an account keeps, shares with its division and is told about."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from .accounts import User
from .grants import Grant
from .roles import OF_A_DIVISION

LONGEST_QUERY = 4000


class SavedSearchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and what colleagues share with a division one works for or above it, while they work for it."""
        if not user.is_authenticated:
            return self.none()
        places = {place for grant in user.current_grants if grant.role in OF_A_DIVISION for place in above(grant.path)}
        working = Grant.objects.holding().filter(role__in=OF_A_DIVISION, user__is_active=True)
        shares = Exists(working.filter(user=OuterRef("user"), region__path=OuterRef("shared_with")))
        return self.filter(Q(user=user) | Q(shares, shared_with__in=places))

    def editable_by(self, user):
        """One's own."""
        return self.filter(user=user) if user.is_authenticated else self.none()


def above(path: str) -> list[str]:
    """The paths of a division and of those above it: `/32/3206/` gives `/32/` and `/32/3206/`."""
    codes = path.strip("/").split("/") if path else []
    return ["/" + "/".join(codes[: at + 1]) + "/" for at in range(len(codes))]


class SavedSearch(models.Model):
    """A view of a list under a name: the query string with filters, order and columns.

    `list` names the list as `directory.lists` registers it. `shared_with` is the path of the division that reads it
    too. Of a subscribed search `seen` holds the hits that its owner has been shown, `told` those that e-mails have named
    (`directory.packing`).
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="searches", verbose_name=_("account"))
    list = models.CharField(_("list"), max_length=30)
    name = models.CharField(_("name"), max_length=100)
    query = models.CharField(_("view"), max_length=LONGEST_QUERY, blank=True)
    shared_with = models.CharField(_("shared with the division"), max_length=30, blank=True, db_index=True)
    subscribed = models.BooleanField(_("tell me about new hits"), default=False)
    by_mail = models.BooleanField(_("by e-mail too"), default=False)
    seen = models.BinaryField(null=True)
    told = models.BinaryField(null=True)
    looked_at = models.DateTimeField(_("last looked at"), null=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["list", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "list", "name"],
                name="an_account_gives_a_search_name_once",
                violation_error_message=_("You have a saved search of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(subscribed=False) | Q(seen__isnull=False, told__isnull=False),
                name="a_subscribed_search_knows_what_was_seen",
            ),
        ]

    def __str__(self):
        return self.name
