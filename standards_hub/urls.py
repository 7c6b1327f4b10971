"""Every app's pages, included once."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("standards_hub.api")),
    path("admin/", admin.site.urls),
]
