from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from .views import contributions, lists, public, staff


class Address(StringConverter):
    """A slug; PostgreSQL refuses to be asked for a text with a null byte."""

    regex = r"[^/\x00]+"


register_converter(Address, "address")

urlpatterns = [
    path("", public.home, name="home"),
    path("standards/", lists.standard_list, name="standards"),
    path("standards/export/", lists.standard_export, name="standard_export"),
    path("standards/export/file/", lists.standard_export_file, name="standard_export_file"),
    path("standards/<address:slug>/", public.standard_detail, name="standard"),
    path("standards/<address:slug>/report/", public.standard_report, name="standard_report"),
    path("standards/<address:slug>/contributions/", contributions.contribution_edit, name="contribution_edit"),
    path("contributions/", contributions.contribution_list, name="contributions"),
    path("contributions/counts/", contributions.contribution_counts, name="contribution_counts"),
    path("contributions/unresolved/", contributions.contribution_unresolved, name="contribution_unresolved"),
    path("contributions/unresolved/say/", contributions.contribution_say, name="contribution_say"),
    path("families/<address:slug>/", public.family_detail, name="family"),
    re_path(r"^classifications/(?P<scheme>ics|ccs)/$", public.classification_list, name="classifications"),
    re_path(
        r"^classifications/(?P<scheme>ics|ccs)/(?P<code>[0-9A-Z./]{1,10})/$",
        public.classification_list,
        name="classification",
    ),
    path("imports/", staff.import_list, name="imports"),
    path("imports/columns/", staff.import_columns, name="import_columns"),
    path("imports/template.xlsx", staff.import_template, name="import_template"),
    path("imports/<int:pk>/", staff.import_detail, name="import"),
    path("imports/<int:pk>/columns/", staff.import_remap, name="import_remap"),
    path("imports/<int:pk>/apply/", staff.import_apply, name="import_apply"),
    path("imports/<int:pk>/discard/", staff.import_discard, name="import_discard"),
    path("imports/<int:pk>/revert/", staff.import_revert, name="import_revert"),
    path("imports/<int:pk>/rejects/", staff.import_rejects, name="import_rejects"),
    path("flags/", staff.flag_list, name="flags"),
    path("flags/<int:pk>/settle/", staff.flag_settle, name="flag_settle"),
]
