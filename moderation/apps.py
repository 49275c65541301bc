from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"
    verbose_name = "公开前核对"

    def ready(self) -> None:
        from accounts.privacy.holdings import register as register_holdings
        from grids.rights.entry import verb
        from moderation import services
        from moderation.messages import MESSAGES
        from moderation.privacy import KEEPINGS
        from notices import texts
        from web import menu

        texts.register(MESSAGES)
        register_holdings(keepings=KEEPINGS)
        is_desk = verb("dispatch").admits
        menu.register(menu.Entry("公开核对", "moderation:queue", lambda request: services.is_on() and is_desk(request)))
