from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "webhooks"
    verbose_name = "推送"

    def ready(self) -> None:
        from accounts.privacy.holdings import register as register_holdings
        from grids.rights.entry import county
        from grids.tree.observers import register as register_follower
        from notices import texts
        from web import menu
        from webhooks.messages import MESSAGES
        from webhooks.privacy import HOLDINGS, KEEPINGS
        from webhooks.tree_changes import FOLLOWER

        register_follower(FOLLOWER)
        register_holdings(holdings=HOLDINGS, keepings=KEEPINGS)
        texts.register(MESSAGES)
        menu.register(menu.Entry("推送", "webhooks:list", county("rules").admits, under="operations:status"))
