from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "workers"

    def ready(self) -> None:
        from webapp.config import checks  # noqa: F401 - registers the checks of the settings
