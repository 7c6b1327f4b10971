"""The back-office: Django's admin under the product's name."""

from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, resolve_url
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from records.once import once


class HubAdminSite(AdminSite):
    site_header = site_title = _("Standards Hub · Back-office")
    index_title = _("Reference data and corrections")
    enable_nav_sidebar = True

    def admin_view(self, view, cacheable=False):
        """Every form of the back-office is taken once."""
        return super().admin_view(once(view), cacheable)

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """One sign-in page for everything, behind one limit; an account that may not come in is told so."""
        if request.user.is_authenticated:
            if not self.has_permission(request):
                raise PermissionDenied
            return redirect("admin:index")
        back = request.GET.get("next") or resolve_url("admin:index")
        return redirect(f"{resolve_url('login')}?{urlencode({'next': back})}")

    @method_decorator(never_cache)
    def logout(self, request, extra_context=None):
        return redirect(resolve_url("logout"), preserve_request=True)

    def password_change(self, request, extra_context=None):
        return redirect("password_change")
