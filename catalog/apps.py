from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self):
        from records.register_import import open_register

        # Importing them registers the importers, the list that can be saved, open work, what follows organizations, and sections.
        from . import (  # noqa: F401
            contribution_importing,
            contribution_profile,
            departments_kept,
            importing,
            open_work,
            profile_sections,
            saving,
        )
        from .care_register import CARE

        open_register(CARE)
