from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = "网格"

    def ready(self) -> None:
        from accounts.privacy.holdings import register as register_holdings
        from accounts.sign_in.alerts import WATCHMEN
        from grids.admin_pages.excel import DOORS, POSTS
        from grids.messages import MESSAGES
        from grids.places import services as places
        from grids.police import duty, safety
        from grids.posts.alarms import tell_watch
        from grids.privacy import HOLDINGS
        from grids.territory import services as territory
        from grids.territory.excel import TERRITORY_POSTS
        from grids.tree.observers import register as register_follower
        from grids.units import services as units
        from notices import texts
        from tables import heads

        texts.register(MESSAGES)
        register_holdings(holdings=HOLDINGS)
        for room in (units, places, territory, duty, safety):
            register_follower(room.FOLLOWER)
        heads.register(DOORS, POSTS, TERRITORY_POSTS)
        WATCHMEN.append(tell_watch)
