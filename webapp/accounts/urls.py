"""Pages of this room."""

from django.urls import path

from webapp.accounts import views

app_name = "accounts"
urlpatterns = [
    path("accounts/", views.account, name="account"),
    path("accounts/login/", views.login, name="login"),
    path("accounts/logout/", views.logout, name="logout"),
    path("accounts/keys/", views.keys, name="keys"),
    path("accounts/password/", views.Password.as_view(), name="password"),
]
