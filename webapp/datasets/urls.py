"""Pages of this room."""

app_name = "datasets"
urlpatterns = []
