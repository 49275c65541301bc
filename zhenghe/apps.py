from django.apps import AppConfig


class ZhengheConfig(AppConfig):
    name = "zhenghe"
    verbose_name = "政和社区治理"

    def ready(self) -> None:
        from grids.rights.entry import verb
        from web.menu import Entry, register
        from zhenghe import checks, rights_check  # noqa: F401

        # Behind what the rooms offer: the police have no desk, and work in the grid.
        register(Entry("网格", "grids:desk", verb("safety").admits))
