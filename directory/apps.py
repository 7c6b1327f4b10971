from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "directory"
    verbose_name = _("Directory")

    def ready(self):
        from records.history import name_offices_by
        from records.register_import import open_register

        from .registers import POLICIES
        from .telling import names_of_offices

        open_register(POLICIES)
        name_offices_by(names_of_offices)
