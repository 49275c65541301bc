from dataclasses import replace

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "阵地和议事"

    def ready(self) -> None:
        from accounts.privacy.holdings import register as register_holdings
        from cases.reading.links import LINKS
        from cases.workflow import register
        from grids.buildings.my_grid import SECTIONS
        from grids.places.services import HOLDS_OPEN
        from grids.tree.observers import register as register_follower
        from imports.kinds import register as register_import
        from meetings.centres.my_grid import centres_near
        from meetings.centres.services import holds_open
        from meetings.facts import TopicFacts
        from meetings.homes.import_kind import KIND
        from meetings.homes.roster import HOMES
        from meetings.messages import MESSAGES
        from meetings.privacy import HOLDINGS, KEEPINGS
        from meetings.topics import acts as services
        from meetings.topics import arrows as fields
        from meetings.topics import privacy as topic_holdings
        from meetings.topics.details import details
        from meetings.topics.links import links_from
        from meetings.topics.subjects import COMMENT
        from meetings.topics.subjects import TOPIC as TOPIC_WORDS
        from meetings.tree_changes import FOLLOWER
        from meetings.workflow import TOPIC
        from moderation.subjects import register as register_subjects
        from notices import texts
        from tables import heads

        texts.register(MESSAGES)
        register(replace(TOPIC, acts=services.ACTS, facts=TopicFacts, fields=fields.FIELDS, details=details))
        register_subjects(TOPIC_WORDS, COMMENT)
        register_follower(FOLLOWER)
        register_holdings(holdings=HOLDINGS, keepings=KEEPINGS)
        heads.register(HOMES)
        register_import(KIND)
        LINKS.append(links_from)
        register_holdings(holdings=topic_holdings.HOLDINGS, keepings=topic_holdings.KEEPINGS)
        # Before the places they were held at, and the cases they are.
        HOLDS_OPEN.append(holds_open)
        SECTIONS.append(centres_near)
