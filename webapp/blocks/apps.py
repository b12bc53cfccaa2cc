from django.apps import AppConfig


class BlocksConfig(AppConfig):
    name = "webapp.blocks"
    label = "blocks"
