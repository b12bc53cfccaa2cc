"""This room's part of the API."""

urlpatterns = []
