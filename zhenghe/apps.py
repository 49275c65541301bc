from django.apps import AppConfig


class ZhengheConfig(AppConfig):
    name = "zhenghe"
    verbose_name = "政和社区治理"

    def ready(self) -> None:
        from grids.rights.entry import county, verb
        from web.menu import Entry, register
        from zhenghe import checks, rights_check  # noqa: F401

        # Behind what the rooms offer: whoever appoints, and the police, have the grid's own desk.
        register(
            Entry("网格", "grids:desk", verb("appoint|safety").admits),
            Entry("系统状态", "operations:status", county("rules").admits),
        )
