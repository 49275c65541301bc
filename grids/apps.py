from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = "网格"

    def ready(self) -> None:
        from accounts.holdings import register
        from grids.own_holdings import HOLDINGS

        register(holdings=HOLDINGS)
