from dataclasses import replace

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "阵地和议事"

    def ready(self) -> None:
        from accounts.holdings import register as register_holdings
        from cases.links import LINKS
        from cases.workflow import register
        from grids.demo import REMOVERS
        from grids.followers import register as register_follower
        from grids.my_grid import SECTIONS
        from grids.places import HOLDS_OPEN
        from imports.kinds import register as register_import
        from meetings import fields, services, topic_holdings
        from meetings.conference_demo import remove_demo_councils
        from meetings.demo import remove_demo_meetings
        from meetings.facts import TopicFacts
        from meetings.follow import FOLLOWER
        from meetings.homes import HOMES
        from meetings.import_kind import KIND
        from meetings.links import links_from
        from meetings.messages import MESSAGES
        from meetings.my_grid import centres_near
        from meetings.own_holdings import HOLDINGS, KEEPINGS
        from meetings.services.centres import holds_open
        from meetings.topic_demo import remove_demo_topics
        from meetings.topic_details import details
        from meetings.workflow import TOPIC
        from notices import texts
        from tables import heads

        texts.register(MESSAGES)
        register(replace(TOPIC, acts=services.ACTS, facts=TopicFacts, fields=fields.FIELDS, details=details))
        register_follower(FOLLOWER)
        register_holdings(holdings=HOLDINGS, keepings=KEEPINGS)
        heads.register(HOMES)
        register_import(KIND)
        LINKS.append(links_from)
        register_holdings(holdings=topic_holdings.HOLDINGS, keepings=topic_holdings.KEEPINGS)
        # Before the places they were held at, and the cases they are.
        REMOVERS[:0] = [remove_demo_topics, remove_demo_councils, remove_demo_meetings]
        HOLDS_OPEN.append(holds_open)
        SECTIONS.append(centres_near)
