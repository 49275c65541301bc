from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "人员与账号"

    def ready(self) -> None:
        from accounts.privacy.holdings import register
        from accounts.privacy.own import HOLDINGS, KEEPINGS

        register(holdings=HOLDINGS, keepings=KEEPINGS)
