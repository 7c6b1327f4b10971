"""The back-office: Django's admin under the product's name."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class HubAdminSite(AdminSite):
    site_header = site_title = _("Standards Hub · Back-office")
    index_title = _("Reference data and corrections")
    enable_nav_sidebar = True
