from django.urls import path

from .views import account, keeping, registering, registrations, signing

urlpatterns = [
    path("login/", signing.SignInView.as_view(), name="login"),
    path("logout/", signing.sign_out, name="logout"),
    path("account/password/", signing.password_change, name="password_change"),
    path("account/", account.account, name="account"),
    path("account/confirm/", account.confirm_password, name="confirm_password"),
    path("account/sessions/<int:pk>/end/", account.session_end, name="session_end"),
    path("account/sessions/end/", account.sessions_end, name="sessions_end"),
    path("account/tokens/", account.token_make, name="token_make"),
    path("account/tokens/revoke/", account.token_revoke, name="token_revoke"),
    path("reset/", signing.ResetView.as_view(), name="password_reset"),
    path("reset/sent/", signing.ResetSentView.as_view(), name="password_reset_done"),
    path("reset/<uidb64>/<token>/", signing.ResetConfirmView.as_view(), name="password_reset_confirm"),
    path("register/", registering.register, name="register"),
    path("register/sent/", registering.register_sent, name="register_sent"),
    path("registrations/", registrations.registration_list, name="registrations"),
    path("registrations/<int:pk>/", registrations.registration_detail, name="registration"),
    path("registrations/<int:pk>/confirm/", registrations.registration_confirm, name="registration_confirm"),
    path("registrations/<int:pk>/refuse/", registrations.registration_refuse, name="registration_refuse"),
    path("registrations/<int:pk>/take/", registrations.registration_take, name="registration_take"),
    path("registrations/<int:pk>/contact/", registrations.registration_contact, name="registration_contact"),
    path("accounts/", keeping.account_list, name="accounts"),
    path("accounts/<int:pk>/password/", keeping.password_give, name="password_give"),
    path("accounts/<int:pk>/hand-over/", keeping.account_hand_over, name="account_hand_over"),
]
