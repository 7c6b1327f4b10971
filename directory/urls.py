from django.urls import path

from . import views

urlpatterns = [
    path("login/", views.SignInView.as_view(), name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("account/password/", views.password_change, name="password_change"),
    path("reset/", views.ResetView.as_view(), name="password_reset"),
    path("reset/sent/", views.ResetSentView.as_view(), name="password_reset_done"),
    path("reset/<uidb64>/<token>/", views.ResetConfirmView.as_view(), name="password_reset_confirm"),
]
