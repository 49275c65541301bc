from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = "志愿服务"

    def ready(self) -> None:
        from grids.followers import register as register_follower
        from volunteers.follow import FOLLOWER

        register_follower(FOLLOWER)
