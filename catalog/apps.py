from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self):
        from records.register_import import open_register

        # They register the importer of standards, the list that can be saved, and the open work.
        from . import importing, open_work, saving  # noqa: F401
        from .care_register import CARE

        open_register(CARE)
