from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = "看板"

    def ready(self) -> None:
        from accounts.holdings import register as register_holdings
        from dashboards.assessment_demo import remove_demo_assessments
        from dashboards.follow import FOLLOWER
        from dashboards.own_holdings import HOLDINGS, KEEPINGS
        from grids.demo import REMOVERS
        from grids.followers import register as register_follower

        register_follower(FOLLOWER)
        register_holdings(holdings=HOLDINGS, keepings=KEEPINGS)
        REMOVERS[:0] = [remove_demo_assessments]  # before the tasks and nodes they name
