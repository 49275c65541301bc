from dataclasses import replace

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = "志愿服务"

    def ready(self) -> None:
        from accounts.entry import SIGNED_IN
        from accounts.privacy.holdings import register as register_holdings
        from cases.categories.tree import register as register_referrers
        from cases.reading.links import LINKS
        from cases.workflow import register
        from grids.tree.observers import register as register_follower
        from imports.kinds import register as register_import
        from notices import texts
        from papers.issued import FINDERS
        from tables import heads
        from volunteers.facts import ServiceFacts
        from volunteers.forms import shared as forms
        from volunteers.messages import MESSAGES
        from volunteers.privacy import HOLDINGS, KEEPINGS
        from volunteers.reading.details import details
        from volunteers.reading.links import links_from
        from volunteers.roster.import_kind import KIND
        from volunteers.roster.reading import ROSTER
        from volunteers.services.certificates import find_issued
        from volunteers.services.kind import ACTS
        from volunteers.tree_changes import FOLLOWER, REFERRERS
        from volunteers.workflow import SERVICE
        from web import menu

        texts.register(MESSAGES)
        register(replace(SERVICE, acts=ACTS, facts=ServiceFacts, fields=forms.FIELDS, details=details))
        register_follower(FOLLOWER)
        register_referrers(*REFERRERS)
        register_holdings(holdings=HOLDINGS, keepings=KEEPINGS)
        heads.register(ROSTER)
        register_import(KIND)
        LINKS.append(links_from)
        menu.register(menu.Entry("志愿", "volunteers:me", SIGNED_IN.admits))
        FINDERS.append(find_issued)
