from django.urls import path

from . import views

urlpatterns = [
    path("registers/<slug:kind>/", views.register_list, name="register_list"),
    path("registers/<slug:kind>/add/", views.register_add, name="register_add"),
    path("registers/<slug:kind>/<int:pk>/", views.register_detail, name="register_record"),
    path("registers/<slug:kind>/<int:pk>/edit/", views.register_edit, name="register_edit"),
    path("registers/<slug:kind>/<int:pk>/void/", views.register_void, name="register_void"),
]
