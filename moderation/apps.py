from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"
    verbose_name = "公开前核对"

    def ready(self) -> None:
        from accounts.privacy.holdings import register as register_holdings
        from moderation.messages import MESSAGES
        from moderation.privacy import KEEPINGS
        from notices import texts

        texts.register(MESSAGES)
        register_holdings(keepings=KEEPINGS)
