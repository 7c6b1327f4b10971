from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "directory"
    verbose_name = _("Directory")

    def ready(self):
        from records.history import name_offices_by
        from records.importing import register
        from records.register_import import open_importer, open_register
        from records.registers import add_register

        from . import committee_pages  # noqa: F401  a section of an organization's page
        from .committee_import import COMMITTEE_IMPORTERS
        from .committee_registers import MIRRORS
        from .organization_registers import NAMES, ORGANIZATIONS, OrganizationImporter
        from .registers import POLICIES
        from .telling import names_of_offices
        from .term_registers import COMPOSITION_RULES, GRADE_SCALES, GRADES, TERM_RULES, TERMS

        for described in (POLICIES, MIRRORS, TERMS, COMPOSITION_RULES, TERM_RULES, GRADE_SCALES, GRADES):
            open_register(described)
        for importer in COMMITTEE_IMPORTERS:
            open_importer(importer)
        name_offices_by(names_of_offices)
        open_register(NAMES)
        register(OrganizationImporter(ORGANIZATIONS))
        add_register(ORGANIZATIONS)
