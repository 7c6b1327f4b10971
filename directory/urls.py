from django.urls import path

from .views import account, searches, second_factor, signing

urlpatterns = [
    path("login/", signing.SignInView.as_view(), name="login"),
    path("login/code/", second_factor.login_code, name="login_code"),
    path("logout/", signing.sign_out, name="logout"),
    path("account/password/", signing.password_change, name="password_change"),
    path("account/", account.account, name="account"),
    path("account/confirm/", account.confirm_password, name="confirm_password"),
    path("account/second-factor/", second_factor.second_factor, name="second_factor"),
    path("account/second-factor/remove/", second_factor.second_factor_remove, name="second_factor_remove"),
    path("account/sessions/<int:pk>/end/", account.session_end, name="session_end"),
    path("account/sessions/end/", account.sessions_end, name="sessions_end"),
    path("account/tokens/", account.token_make, name="token_make"),
    path("account/tokens/revoke/", account.token_revoke, name="token_revoke"),
    path("account/searches/", searches.searches, name="searches"),
    path("account/searches/<int:pk>/", searches.search, name="search"),
    path("account/searches/<int:pk>/edit/", searches.search_edit, name="search_edit"),
    path("account/searches/<int:pk>/update/", searches.search_update, name="search_update"),
    path("account/searches/<int:pk>/delete/", searches.search_delete, name="search_delete"),
    path("account/searches/<int:pk>/new/", searches.search_new, name="search_new"),
    path("reset/", signing.ResetView.as_view(), name="password_reset"),
    path("reset/sent/", signing.ResetSentView.as_view(), name="password_reset_done"),
    path("reset/<uidb64>/<token>/", signing.ResetConfirmView.as_view(), name="password_reset_confirm"),
]
