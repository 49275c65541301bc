from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = "网格"

    def ready(self) -> None:
        from grids.followers import register
        from grids.units import FOLLOWER

        register(FOLLOWER)
