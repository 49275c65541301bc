from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = "网格"

    def ready(self) -> None:
        from accounts.holdings import register as register_holdings
        from grids import duty, safety, territory, units
        from grids.followers import register as register_follower
        from grids.own_holdings import HOLDINGS

        register_holdings(holdings=HOLDINGS)
        for room in (units, territory, duty, safety):
            register_follower(room.FOLLOWER)
