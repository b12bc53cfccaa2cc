from django.apps import AppConfig


class PrintedConfig(AppConfig):
    name = "webapp.printed"
    label = "printed"
