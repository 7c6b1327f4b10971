"""Pages for those who keep the catalogue: imports and data-quality flags."""

import hashlib
import tempfile
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from rest_framework.permissions import SAFE_METHODS

from directory.access import may_catalogue, may_oversee
from directory.batches import batches_editable_by, batches_visible_to
from records.history import history, labels_of, seen_by, tell_choices
from records.importing import (
    IMPORTERS,
    ColumnsMissing,
    ImportRefused,
    apply_batch,
    discard_batch,
    file_hash,
    preview_file,
    revert_batch,
)
from records.mapping import remember_mapping
from records.models import Event, ImportBatch, ImportRow
from records.once import not_taken, once
from records.rejects import note_rejects_taken, write_rejects
from records.remarks import say
from records.source_facts import import_facts
from records.trail import actor_of
from tabular.errors import TableError
from tabular.limits import UPLOAD_LIMITS
from tabular.writing import Column, write_xlsx

from ..editions import VersionConflict
from ..forms import KeptForm, SettleForm, UploadForm
from ..models import QualityFlag
from ..quality import AlreadySettled, settle_flag

ROWS = 50
# Shows in the template what a row looks like; the number belongs to no standard.
TEMPLATE_ROWS = {
    "standards": {
        "number": "GB/T 0-2000",
        "title": "示例标准",
        "published_on": "2000-01-01",
        "implemented_on": "2000-07-01",
    },
    "contributions": {"number": "GB/T 0-2000", "units": "示例甲公司、示例乙研究院、示例丙中心"},
}


def cataloguer_required(view):
    """Signed in and allowed to keep the catalogue; others are told to sign in, or refused."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not may_catalogue(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def overseer_required(view):
    """Signed in and allowed to read what the keeping of the catalogue leaves; only cataloguers write."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        may = may_oversee if request.method in SAFE_METHODS else may_catalogue
        if not may(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _batches(request):
    """The batches of the catalogue that the account may carry on: its own and those of its divisions."""
    return batches_editable_by(request.user).filter(kind__in=TEMPLATE_ROWS)


def _readable(request):
    return batches_visible_to(request.user).filter(kind__in=TEMPLATE_ROWS)


@overseer_required
@once
def import_list(request):
    """Upload a file to preview; the batches so far."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (answer := _preview_upload(request, form)):
        return answer
    batches = _readable(request).exclude(state="previewing").select_related("previewed_by")
    page = Paginator(batches, ROWS).get_page(request.GET.get("page"))
    status = 400 if request.method == "POST" else 200
    return render(
        request, "catalog/import_list.html", {"form": form, "page": page, "limits": UPLOAD_LIMITS}, status=status
    )


def _preview_upload(request, form: UploadForm):
    upload = form.cleaned_data["file"]
    if upload.size > UPLOAD_LIMITS.file_bytes:
        form.add_error("file", _("The file is larger than 20 MB."))
        return None
    path = keep_upload(upload)
    stated = {name: form.cleaned_data[name] for name in ("kind", "source", "as_of")}
    kept = KeptForm({"kept": path.name, "name": Path(upload.name).name, **stated})
    try:
        return _preview_kept(request, kept, path)
    except (TableError, ImportRefused) as refusal:
        form.add_error("file", say(refusal))
        return None


def _preview_kept(request, kept: KeptForm, path: Path, mapping: dict[str, str] | None = None):
    """The preview of a kept file, or the question which of its columns is what."""
    kept.is_valid()
    stated = kept.cleaned_data
    kind = stated["kind"] or "standards"
    facts = import_facts(path, name=stated["name"], source=stated["source"], as_of=stated["as_of"])
    try:
        batch = preview_file(path, kind=kind, facts=facts, by=actor_of(request), mapping=mapping)
    except ColumnsMissing as refusal:
        fields = IMPORTERS[kind].fields
        context = {
            "refusal": refusal,
            "kept": {"form": kept, "name": stated["name"]},
            "columns": refusal.columns,
            "mapping": [(item, refusal.mapping.get(item.name, "")) for item in fields],
        }
        return render(request, "catalog/import_mapping.html", context, status=400)
    if mapping:
        remember_mapping(batch.kind, batch.columns, mapping, by=actor_of(request))
    return redirect("import", batch.pk)


@cataloguer_required
@require_POST
@once
def import_columns(request):
    """Preview a file whose headings were not all recognised, with the columns that were named for it."""
    kept = KeptForm(request.POST)
    path = Path(settings.MEDIA_ROOT) / "imports" / request.POST.get("kept", "")
    if not kept.is_valid() or not path.is_file():
        messages.error(request, _("The file is no longer kept; choose it again."))
        return not_taken(redirect("imports"))
    names = [item.name for item in IMPORTERS[kept.cleaned_data["kind"] or "standards"].fields]
    mapping = {name: column for name in names if (column := request.POST.get(name, ""))}
    try:
        return _preview_kept(request, kept, path, mapping)
    except (TableError, ImportRefused) as refusal:
        messages.error(request, say(refusal))
        return not_taken(redirect("imports"))


@cataloguer_required
def import_template(request):
    """An empty workbook with the headings that are recognised, an example row and what each column takes."""
    kind = request.GET.get("kind", "standards")
    if kind not in TEMPLATE_ROWS:
        raise Http404
    fields = IMPORTERS[kind].fields
    # Fields that only programs write have no Chinese heading.
    headings = {item.name: next((word for word in item.words if not word.isascii()), "") for item in fields}
    columns = [Column(name, heading, width=18) for name, heading in headings.items() if heading]
    notes = [f"{item.label}：{'、'.join(item.words)}" for item in fields]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_xlsx(
            path, columns, [TEMPLATE_ROWS[kind]], title=_(kind), notes=[_("Headings that are recognised:"), *notes]
        )
        stream = path.open("rb")
    return FileResponse(stream, as_attachment=True, filename=f"{_('import_template')}.xlsx")


def keep_upload(upload) -> Path:
    """Store an upload under its hash, with its own ending; the same file again takes no more room."""
    folder = Path(settings.MEDIA_ROOT) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as out:
        for chunk in upload.chunks():
            digest.update(chunk)
            out.write(chunk)
    ending = Path(upload.name).suffix.lower()
    safe = ending if ending[1:].isalnum() and len(ending) <= 6 else ""
    return Path(out.name).rename(folder / f"{digest.hexdigest()}{safe}")


@overseer_required
def import_detail(request, pk):
    """A batch: which column is what, what each row does, and what can be done with it."""
    batch = get_object_or_404(_readable(request), pk=pk)
    outcome = request.GET.get("outcome", "")
    rows = batch.rows.all()
    flagged = rows.filter(values__findings__0__isnull=False)
    if outcome in ImportRow.Outcome.values:
        rows = rows.filter(outcome=outcome)
    elif outcome == "flagged":
        rows = flagged
    fields = IMPORTERS[batch.kind].fields
    context = {
        "batch": batch,
        "editable": may_catalogue(request.user) and _batches(request).filter(pk=pk).exists(),
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "outcome": outcome,
        "flagged": flagged.count(),
        "outcomes": [(value, label, batch.counts[value]) for value, label in ImportRow.Outcome.choices],
        "mapping": [(item, batch.mapping.get(item.name, "")) for item in fields],
        "unused": [column for column in batch.columns if column not in batch.mapping.values()],
        "refused": batch.rows.exclude(revert_refused="").count(),
        "history": history(
            seen_by(Event.objects.about(batch), request.user, in_scope=True),
            labels_of(ImportBatch),
            tell_choices(ImportBatch),
        ),
    }
    return render(request, "catalog/import_detail.html", context)


@cataloguer_required
@require_POST
@once
def import_remap(request, pk):
    """Preview the same file again with corrected columns, and remember them for files of this shape."""
    batch = get_object_or_404(_batches(request), pk=pk, state=ImportBatch.State.PREVIEWED)
    names = [item.name for item in IMPORTERS[batch.kind].fields]
    mapping = {name: column for name in names if (column := request.POST.get(name, "")) in batch.columns and column}
    facts = import_facts(Path(batch.file_path), name=batch.file_name, source=batch.source, as_of=batch.as_of)
    try:
        again = preview_file(Path(batch.file_path), kind=batch.kind, facts=facts, by=actor_of(request), mapping=mapping)
    except (TableError, ImportRefused) as refusal:
        messages.error(request, say(refusal))
        return not_taken(redirect("import", batch.pk))
    remember_mapping(batch.kind, batch.columns, mapping, by=actor_of(request))
    discard_batch(batch, by=actor_of(request))
    messages.success(request, _("The columns were corrected and will be remembered for files of this shape."))
    return redirect("import", again.pk)


@cataloguer_required
@require_POST
@once
def import_apply(request, pk):
    return _carry_out(request, pk, apply_batch, _("The batch was applied."))


@cataloguer_required
@require_POST
@once
def import_discard(request, pk):
    return _carry_out(request, pk, discard_batch, _("The preview was put away; nothing was saved."))


@cataloguer_required
@require_POST
@once
def import_revert(request, pk):
    return _carry_out(request, pk, revert_batch, _("The batch was reverted."))


def _carry_out(request, pk, verb, done: str):
    batch = get_object_or_404(_batches(request), pk=pk)
    try:
        verb(batch, by=actor_of(request))
        messages.success(request, done)
    except (ImportRefused, VersionConflict) as refusal:
        messages.error(request, str(refusal))
        return not_taken(redirect("import", batch.pk))
    return redirect("import", batch.pk)


@overseer_required
def import_rejects(request, pk):
    """The rejected rows as the user's own file, with a column that says why."""
    batch = get_object_or_404(_readable(request), pk=pk)
    source = Path(batch.file_path)
    if not batch.rejected or not source.is_file() or file_hash(source) != batch.file_hash:
        messages.error(request, _("There are no rejected rows to hand back, or the file is no longer kept."))
        return redirect("import", batch.pk)
    ending = ".xlsx" if source.suffix == ".xls" else source.suffix
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"rejects{ending}"
        try:
            write_rejects(batch, source, path)
        except TableError as refusal:
            messages.error(request, say(refusal))
            return redirect("import", batch.pk)
        stream = path.open("rb")
    note_rejects_taken(batch, by=actor_of(request))
    name = f"{Path(batch.file_name).stem}_{_('rejected')}{ending}"
    return FileResponse(stream, as_attachment=True, filename=name)


@overseer_required
def flag_list(request):
    """Open data-quality flags, by kind."""
    kind = request.GET.get("kind", "")
    flags = QualityFlag.objects.visible_to(request.user).filter(settled_at__isnull=True).select_related("standard")
    kinds = dict(flags.order_by().values_list("kind").annotate(Count("id")))
    if kind in QualityFlag.Kind.values:
        flags = flags.filter(kind=kind)
    page = Paginator(flags, ROWS).get_page(request.GET.get("page"))
    mine = QualityFlag.objects.editable_by(request.user).filter(pk__in=[flag.pk for flag in page])
    context = {
        "page": page,
        "editable": set(mine.values_list("pk", flat=True)),
        "kind": kind,
        "kinds": [(value, label, kinds[value]) for value, label in QualityFlag.Kind.choices if kinds.get(value)],
        "form": SettleForm(),
    }
    return render(request, "catalog/flag_list.html", context)


@cataloguer_required
@require_POST
@once
def flag_settle(request, pk):
    """Settle one flag, with the reason."""
    flag = get_object_or_404(QualityFlag.objects.editable_by(request.user), pk=pk)
    form = SettleForm(request.POST)
    view = f"{reverse('flags')}?{request.GET.urlencode()}"  # back to the kind and page it was settled on
    if not form.is_valid():
        messages.error(request, _("Say how the flag was settled."))
        return not_taken(redirect(view))
    try:
        settle_flag(flag, by=actor_of(request), resolution=form.cleaned_data["resolution"])
        messages.success(request, _("The flag was settled."))
    except AlreadySettled:
        flag.refresh_from_db()
        said = {"who": flag.settled_by or "—", "how": flag.resolution, "mine": form.cleaned_data["resolution"]}
        text = _("This flag was settled already (%(who)s: %(how)s). What you wrote was not saved: %(mine)s")
        messages.error(request, text % said)
    return redirect(view)
