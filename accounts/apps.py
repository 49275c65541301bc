from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "人员与账号"

    def ready(self) -> None:
        from accounts.holdings import register
        from accounts.own_holdings import HOLDINGS, KEEPINGS

        register(holdings=HOLDINGS, keepings=KEEPINGS)
