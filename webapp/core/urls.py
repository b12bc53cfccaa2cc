"""Pages of this room."""

app_name = "core"
urlpatterns = []
