from dataclasses import replace

from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    name = "residents"
    verbose_name = "居民诉求"

    def ready(self) -> None:
        from accounts.entry import SIGNED_IN
        from accounts.privacy.holdings import register as register_holdings
        from cases.workflow import register
        from imports.kinds import register as register_import
        from notices import texts
        from residents import forms, services
        from residents.imports.import_kind import KIND
        from residents.imports.requests import CATEGORIES, REQUESTS
        from residents.messages import MESSAGES
        from residents.privacy import HOLDINGS, KEEPINGS
        from residents.workflow import REQUEST
        from tables import heads
        from web import menu

        texts.register(MESSAGES)
        register(replace(REQUEST, acts=services.ACTS, fields=forms.FIELDS, reveals=services.door_of))
        register_holdings(holdings=HOLDINGS, keepings=KEEPINGS)
        heads.register(REQUESTS, CATEGORIES)
        register_import(KIND)
        menu.register(menu.Entry("我要反映", "residents:request-place", SIGNED_IN.admits))
