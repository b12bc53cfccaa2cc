"""Pages of this room."""

app_name = "batches"
urlpatterns = []
