from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = "看板"

    def ready(self) -> None:
        from dashboards.follow import FOLLOWER
        from grids.followers import register as register_follower

        register_follower(FOLLOWER)
