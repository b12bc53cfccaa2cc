"""Pages of this room."""

app_name = "gallery"
urlpatterns = []
