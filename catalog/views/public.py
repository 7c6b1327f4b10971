"""Pages for everybody: home, a standard, a family, browsing by classification."""

from collections import Counter
from datetime import date, timedelta
from itertools import chain

from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.db.models import Count, QuerySet, Value
from django.db.models.functions import Coalesce, Least
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Region
from directory.succession import successor_on
from records.addresses import client_address
from records.history import history_page, seen_by
from records.models import Event
from records.once import once
from records.trail import actor_of

from .. import citation_forms
from ..chains import chains_of, was_told
from ..contribution_lists import may_enter
from ..contribution_payload import IN_LIST, contribution_rows
from ..facets import facet_counts
from ..families import linked_families
from ..filters import StandardFilter
from ..forms import ReportForm
from ..keeping import is_in_scope
from ..lead_words import rule_label
from ..leading import RULES
from ..levels import Level
from ..models import Classification, Contribution, Family, Standard, StandardRelation
from ..models.left_out import left_out_of_figures
from ..payload import payload, payload_of
from ..quality import report_error
from ..telling import FIELD_LABELS, tell_standard

NEAR = 90  # days ahead or back that the home page looks
SHORT = 6  # rows in each of its lists
REPORTS_AN_HOUR = 20  # of errors, from one address without an account


NEVER = Value(date(9999, 12, 31))
ENDING_FIRST = (Least(Coalesce("replaced_on", NEVER), Coalesce("withdrawn_on", NEVER)), "sort_key")


def home(request):
    """Search, counts by level, what has come into force, will, and will end."""
    on, examples = timezone.localdate(), _with_examples(request)
    standards = Standard.objects.visible_to(request.user).counted().for_figures(examples=examples)
    recent = standards.in_force(on).filter(implemented_on__gt=on - timedelta(days=NEAR))
    lists = [
        (_("Newly in force"), recent.order_by("-implemented_on", "sort_key"), "-implemented_on", "in_force"),
        (
            _("Soon in force"),
            standards.soon_in_force(on, NEAR).order_by("implemented_on", "sort_key"),
            "implemented_on",
            "upcoming",
        ),
        (_("Soon void"), standards.soon_void(on, NEAR).order_by(*ENDING_FIRST), "", ""),
    ]
    context = {
        "levels": _counts_by_level(request, examples),
        **_examples(examples),
        "lists": _filled(lists, on),
        "near": NEAR,
        "on": on,
    }
    return render(request, "catalog/home.html", context)


def _filled(lists: list[tuple], on: date) -> list[tuple]:
    """Short lists of standards with their rows; what the rows need is asked once for all."""
    ids = [list(rows.values_list("pk", flat=True)[:SHORT]) for _title, rows, _order, _status in lists]
    shown = {row["id"]: row for row in payload_of(chain.from_iterable(ids), on, with_id=True)}
    return [
        (title, [shown[pk] for pk in some if pk in shown], order, status)
        for (title, _rows, order, status), some in zip(lists, ids, strict=True)
    ]


def _with_examples(request) -> bool:
    """Whether the page's switch asks for the examples too."""
    return request.GET.get("examples") == "1"


def _examples(examples: bool) -> dict:
    """What the page says of examples: whether they are asked for, and how many stand aside without."""
    return {"examples": examples, "left_out": len(left_out_of_figures())}


def _counts_by_level(request, examples: bool) -> list[tuple[str, str, int]]:
    """Standards by level: value, label, count; kept until the trail grows."""
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    key = f"levels:{last}:{examples}"
    counts = cache.get(key)
    if counts is None:
        standards = Standard.objects.visible_to(request.user).counted()
        rows = standards.for_figures(examples=examples).order_by()
        counts = dict(rows.values_list("level").annotate(Count("id")))
        cache.set(key, counts, 3600)
    return [(str(level), str(level.label), counts[level]) for level in Level if counts.get(level)]


def standard_detail(request, slug):
    """One edition: facts with their sources, the family's editions, the way to what is in force."""
    standard = (
        Standard.objects.visible_to(request.user)
        .filter(slug=slug)
        .select_related("family", "region", "department")
        .first()
    )
    if standard is None:
        return _other_address(request, slug)
    return render(request, "catalog/standard_detail.html", _detail_context(request, standard, ReportForm()))


def _day_of(request) -> date:
    """The day that `on` asks for, today without it; anything else is a bad request."""
    view = StandardFilter({"on": request.GET.get("on", "")}, Standard.objects.none())
    if not view.is_valid():
        raise SuspiciousOperation("on is not a day")
    return view.on_day


def _other_address(request, slug):
    """An undated address leads to the family; anything else is absent."""
    family = Family.objects.filter(slug=slug).first()
    if family is None:
        raise Http404
    return redirect("family", family.slug)


def _detail_context(request, standard: Standard, form: ReportForm) -> dict:
    on = _day_of(request)
    row = payload(Standard.objects.filter(pk=standard.pk), on)[0]
    editions = (
        Standard.objects.visible_to(request.user).filter(family=standard.family_id).order_by("-year", "kind", "key")
    )
    relations = StandardRelation.objects.filter(voided_at__isnull=True)
    title = standard.shown_title
    return {
        "standard": standard,
        "row": row,
        "on": on,
        "today": timezone.localdate(),
        "chain": chains_of([standard.pk], on)[standard.pk]
        if row["status"] in ("replaced", "withdrawn") or row.get("days_left") is not None
        else None,
        "editions": payload(editions, on),
        "forward": relations.filter(source=standard).select_related("target").order_by("kind", "target_number"),
        "backward": _told(relations.filter(target=standard), on),
        "linked": linked_families(standard.family),
        "claims": standard.claims.order_by("source"),
        "flags": standard.flags.filter(settled_at__isnull=True).exclude(kind="reported"),
        "drafters": contribution_rows(
            Contribution.objects.visible_to(request.user).filter(standard=standard).order_by(*IN_LIST)
        ),
        "may_enter_drafters": may_enter(request.user, standard),
        "rules": [(name, rule_label(name)) for name in RULES],
        "classes": standard.classifications.select_related("parent").order_by("scheme", "code"),
        "printed": citation_forms.printed(standard.number, standard.level),
        "reference": citation_forms.reference(standard.number, title, standard.level),
        "form": form,
        "history": _history(request, standard),
        "division_now": _division_now(standard),
    }


def _division_now(standard: Standard) -> Region | None:
    """What has taken the place of the division that issued a standard, if anything."""
    now = successor_on(standard.region) if standard.region else None
    return now if now != standard.region else None


def _told(relations: QuerySet, on: date) -> list[StandardRelation]:
    """What others do to a standard, without replacements that nobody knew of on a past day."""
    found = relations.select_related("source").order_by("kind", "source_number")
    replacing = (StandardRelation.Kind.REPLACES, StandardRelation.Kind.PARTLY_REPLACES)
    return [one for one in found if one.kind not in replacing or was_told(one, on)]


def _history(request, standard: Standard):
    """A page of what was done to a standard, as far as the account may see it; None where it may see nothing."""
    events = Event.objects.filter(object_type="catalog.standard", object_id=standard.pk)
    seen = seen_by(events, request.user, in_scope=is_in_scope(request.user, standard))
    page = history_page(seen, request.GET.get("page"), FIELD_LABELS, tell_standard)
    return page if page.object_list else None


@once
def standard_report(request, slug):
    """A visitor reports an error; it becomes a quality flag for staff."""
    standard = get_object_or_404(Standard.objects.visible_to(request.user), slug=slug)
    form = ReportForm(request.POST or None)
    valid = request.method == "POST" and form.is_valid()
    if valid and _too_many_reports(request):
        form.add_error(None, _("Too many reports have come from here in the last hour. Try again later."))
        valid = False
    if not valid:
        context = _detail_context(request, standard, form)
        return render(request, "catalog/standard_detail.html", context, status=400 if request.method == "POST" else 200)
    report_error(standard, **form.cleaned_data, by=actor_of(request))
    return HttpResponseRedirect(f"{reverse('standard', args=[slug])}?reported=1#report")


def _too_many_reports(request) -> bool:
    """Whether an address has sent its hour's share of reports; staff may send any number."""
    if request.user.is_authenticated:
        return False
    key = f"reports:{client_address(request)}:{timezone.now():%Y%m%d%H}"
    cache.add(key, 0, 3600)
    return cache.incr(key) > REPORTS_AN_HOUR


def family_detail(request, slug):
    """All editions of a number: what an undated reference means today, or on another day."""
    family = get_object_or_404(Family, slug=slug)
    on = _day_of(request)
    editions = Standard.objects.visible_to(request.user).filter(family=family).order_by("-year", "kind", "key")
    rows = payload(editions, on)
    if not rows:
        raise Http404
    current = [row for row in rows if row["status"] == "in_force" and row["kind"] == "standard"]
    context = {
        "family": family,
        "editions": rows,
        "current": current,
        "linked": linked_families(family),
        "on": on,
        "today": timezone.localdate(),
    }
    return render(request, "catalog/family_detail.html", context)


def classification_list(request, scheme, code=None):
    """Browse ICS or CCS: a node's children, each with the number of standards in and below it."""
    nodes = Classification.objects.filter(scheme=scheme)
    node = get_object_or_404(nodes.select_related("parent__parent"), code=code) if code else None
    children = nodes.filter(parent=node).order_by("code")
    counts = _class_counts(request, scheme, node)
    context = {
        "scheme": scheme,
        "node": node,
        "above": _above(node),
        "children": [(child, counts.get(child.code, 0)) for child in children],
        "on": timezone.localdate(),
        **_examples(_with_examples(request)),
    }
    return render(request, "catalog/classification_list.html", context)


def _above(node: Classification | None) -> list[Classification]:
    """The nodes above one, the first level first."""
    above: list[Classification] = []
    while node is not None and node.parent is not None:
        node = node.parent
        above.insert(0, node)
    return above


def _class_counts(request, scheme: str, node: Classification | None) -> dict[str, int]:
    """Standards in and below each child of a node."""
    standards = Standard.objects.visible_to(request.user).counted()
    standards = standards.for_figures(examples=_with_examples(request))
    if node is None:
        facets = facet_counts(standards, timezone.localdate())
        return {one.value: one.count for one in facets[scheme]}
    child_of = _children_by_descendant(scheme, node)
    links = Standard.classifications.through.objects.filter(
        classification_id__in=list(child_of), standard__in=standards
    )
    pairs = {(pk, child_of[node_id]) for pk, node_id in links.values_list("standard_id", "classification_id")}
    return Counter(code for _pk, code in pairs)


def _children_by_descendant(scheme: str, node: Classification) -> dict[int, str]:
    """The code of the node's child above each of its descendants, by the descendant's id."""
    below: dict[int | None, list[tuple[int, str]]] = {}
    for pk, code, parent in Classification.objects.filter(scheme=scheme).values_list("pk", "code", "parent_id"):
        below.setdefault(parent, []).append((pk, code))
    found: dict[int, str] = {}
    waiting = [(pk, code) for pk, code in below.get(node.pk, [])]
    while waiting:
        pk, code = waiting.pop()
        found[pk] = code
        waiting += [(child, code) for child, _code in below.get(pk, [])]
    return found
