from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = "网格"

    def ready(self) -> None:
        from accounts.holdings import register as register_holdings
        from grids.demo import REMOVERS
        from grids.followers import register as register_follower
        from grids.own_holdings import HOLDINGS
        from grids.place_demo import remove_demo_places
        from grids.places import FOLLOWER as PLACES
        from grids.units import FOLLOWER as PAIRINGS

        register_holdings(holdings=HOLDINGS)
        register_follower(PAIRINGS)
        register_follower(PLACES)
        REMOVERS.append(remove_demo_places)
