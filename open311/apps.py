from django.apps import AppConfig


class Open311Config(AppConfig):
    name = "open311"
    verbose_name = "外部系统接入"

    def ready(self) -> None:
        from accounts.privacy.holdings import register as register_holdings
        from cases.categories import tree
        from open311.models import Attribute
        from open311.privacy import HOLDINGS

        register_holdings(holdings=HOLDINGS)
        tree.register(tree.Referrer("外部系统附加问题", "条", Attribute.objects.all, str))
