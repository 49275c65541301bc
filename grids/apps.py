from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = "网格"

    def ready(self) -> None:
        from accounts.holdings import register as register_holdings
        from grids.followers import register as register_follower
        from grids.own_holdings import HOLDINGS
        from grids.units import FOLLOWER

        register_holdings(holdings=HOLDINGS)
        register_follower(FOLLOWER)
