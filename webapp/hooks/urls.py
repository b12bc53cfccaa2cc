"""Pages of this room."""

from django.urls import path

from webapp.hooks import views

app_name = "hooks"
urlpatterns = [
    path("hooks/", views.hook_list, name="hooks"),
    path("hooks/<int:pk>/", views.hook_page, name="hook"),
    path("hooks/<int:pk>/secret/", views.renew_secret, name="secret"),
    path("hooks/<int:pk>/switch/", views.switch, name="switch"),
    path("hooks/<int:pk>/delete/", views.delete, name="delete"),
    path("hooks/<int:pk>/trial/", views.trial, name="trial"),
    path("hooks/<int:pk>/deliveries/", views.deliveries, name="deliveries"),
    path("hooks/<int:pk>/deliveries/<int:delivery>/again/", views.send_again, name="again"),
]
