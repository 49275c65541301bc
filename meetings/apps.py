from dataclasses import replace

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "阵地和议事"

    def ready(self) -> None:
        from accounts.holdings import register as register_holdings
        from cases.workflow import register
        from grids.demo import REMOVERS
        from grids.followers import register as register_follower
        from grids.my_grid import SECTIONS
        from grids.places import HOLDS_OPEN
        from meetings import fields, services, topic_holdings
        from meetings.demo import remove_demo_meetings
        from meetings.follow import FOLLOWER
        from meetings.my_grid import centres_near
        from meetings.own_holdings import HOLDINGS, KEEPINGS
        from meetings.services.centres import holds_open
        from meetings.topic_demo import remove_demo_topics
        from meetings.topic_details import details
        from meetings.workflow import TOPIC

        register(replace(TOPIC, acts=services.ACTS, fields=fields.FIELDS, details=details))
        register_follower(FOLLOWER)
        register_holdings(holdings=HOLDINGS, keepings=KEEPINGS)
        register_holdings(holdings=topic_holdings.HOLDINGS, keepings=topic_holdings.KEEPINGS)
        REMOVERS.insert(0, remove_demo_meetings)  # before the places it was held at
        REMOVERS.insert(0, remove_demo_topics)  # before the cases they are
        HOLDS_OPEN.append(holds_open)
        SECTIONS.append(centres_near)
