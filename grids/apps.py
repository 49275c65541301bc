from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = "网格"

    def ready(self) -> None:
        from accounts.alerts import WATCHMEN
        from accounts.holdings import register as register_holdings
        from grids import duty, places, safety, territory, units
        from grids.alarms import tell_watch
        from grids.demo import REMOVERS
        from grids.excel import DOORS, POSTS
        from grids.followers import register as register_follower
        from grids.messages import MESSAGES
        from grids.own_holdings import HOLDINGS
        from grids.place_demo import remove_demo_places
        from grids.territory_excel import TERRITORY_POSTS
        from notices import texts
        from tables import heads

        texts.register(MESSAGES)
        register_holdings(holdings=HOLDINGS)
        for room in (units, places, territory, duty, safety):
            register_follower(room.FOLLOWER)
        REMOVERS.append(remove_demo_places)
        heads.register(DOORS, POSTS, TERRITORY_POSTS)
        WATCHMEN.append(tell_watch)
