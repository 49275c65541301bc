from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "阵地活动"

    def ready(self) -> None:
        from accounts.holdings import register as register_holdings
        from cases.links import LINKS
        from grids.demo import REMOVERS
        from grids.followers import register as register_follower
        from grids.my_grid import SECTIONS
        from grids.places import HOLDS_OPEN
        from meetings.conference_demo import remove_demo_councils
        from meetings.demo import remove_demo_meetings
        from meetings.follow import FOLLOWER
        from meetings.links import links_from
        from meetings.my_grid import centres_near
        from meetings.own_holdings import HOLDINGS, KEEPINGS
        from meetings.services.centres import holds_open

        register_follower(FOLLOWER)
        register_holdings(holdings=HOLDINGS, keepings=KEEPINGS)
        REMOVERS[:0] = [remove_demo_councils, remove_demo_meetings]  # before the places they were held at
        LINKS.append(links_from)
        HOLDS_OPEN.append(holds_open)
        SECTIONS.append(centres_near)
