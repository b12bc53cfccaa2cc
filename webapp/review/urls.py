"""Pages of this room."""

app_name = "review"
urlpatterns = []
