"""Every app's pages, included once."""

from django.contrib import admin
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView

from .api_docs import ApiDocsView
from .health import live, ready

urlpatterns = [
    path("", include("catalog.urls")),
    path("", include("directory.urls")),
    path("", include("records.urls")),
    path("", include("reports.urls")),
    path("api/v1/", include("standards_hub.api")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", ApiDocsView.as_view(url_name="schema"), name="api_docs"),
    path("language/", set_language, name="language"),
    path("admin/", admin.site.urls),
    path("favicon.ico", lambda request: redirect(static("hub/icon.svg")), name="favicon"),
    path("healthz", live, name="live"),
    path("readyz", ready, name="ready"),
]

handler400 = "standards_hub.errors.bad_request"
handler403 = "standards_hub.errors.forbidden"
handler404 = "standards_hub.errors.not_found"
handler500 = "standards_hub.errors.server_error"
