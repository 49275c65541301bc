from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = "看板"

    def ready(self) -> None:
        from accounts.holdings import register
        from cases import lost_files
        from dashboards.follow import FOLLOWER
        from dashboards.models.export import FOLDER
        from dashboards.own_holdings import HOLDINGS, KEEPINGS
        from dashboards.reports import mail_of
        from grids.followers import register as register_follower
        from notices.channels.mail import SENDERS

        register_follower(FOLLOWER)
        register(holdings=HOLDINGS, keepings=KEEPINGS)
        SENDERS.append(mail_of)
        lost_files.FOLDERS.append(FOLDER)
