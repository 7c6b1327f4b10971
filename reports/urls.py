from django.urls import path

from . import views

urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("trail/", views.trail, name="trail"),
    path("trail/export/", views.trail_export, name="trail_export"),
]
