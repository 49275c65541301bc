from dataclasses import replace

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = "志愿服务"

    def ready(self) -> None:
        from accounts import menu
        from accounts.holdings import register as register_holdings
        from cases.category_tree import register as register_referrers
        from cases.links import LINKS
        from cases.papers.issued import FINDERS
        from cases.workflow import register
        from grids.demo import REMOVERS
        from grids.entry import verb
        from grids.followers import register as register_follower
        from imports.kinds import register as register_import
        from notices import texts
        from tables import heads
        from volunteers import forms
        from volunteers.demo import remove_demo_volunteers
        from volunteers.details import details
        from volunteers.facts import ServiceFacts
        from volunteers.follow import FOLLOWER, REFERRERS
        from volunteers.import_kind import KIND
        from volunteers.links import links_from
        from volunteers.messages import MESSAGES
        from volunteers.own_holdings import HOLDINGS, KEEPINGS
        from volunteers.roster import ROSTER
        from volunteers.services.certificates import find_issued
        from volunteers.services.kind import ACTS
        from volunteers.workflow import SERVICE

        texts.register(MESSAGES)
        register(replace(SERVICE, acts=ACTS, facts=ServiceFacts, fields=forms.FIELDS, details=details))
        register_follower(FOLLOWER)
        register_referrers(*REFERRERS)
        register_holdings(holdings=HOLDINGS, keepings=KEEPINGS)
        heads.register(ROSTER)
        register_import(KIND)
        LINKS.append(links_from)
        is_desk = verb("dispatch").admits
        menu.register(
            menu.Entry("清单", "volunteers:lists", is_desk),
            menu.Entry("志愿", "volunteers:me", lambda request: not is_desk(request)),
        )
        FINDERS.append(find_issued)
        REMOVERS.insert(0, remove_demo_volunteers)  # before the cases its orders stand on
