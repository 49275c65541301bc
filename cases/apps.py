from dataclasses import replace

from django.apps import AppConfig
from django.core.checks import register
from django.urls import register_converter


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "事项"

    def ready(self) -> None:
        from accounts.holdings import register as register_holdings
        from cases import category_tree, task, workflow
        from cases.checks import check_messages, check_stages, check_workflows
        from cases.converters import NumberConverter
        from cases.demo import remove_demo_cases
        from cases.excel import CATEGORIES
        from cases.follow import FOLLOWER
        from cases.holidays import CALENDAR
        from cases.messages import MESSAGES
        from cases.models.column_name import own_names
        from cases.own_holdings import HOLDINGS, KEEPINGS
        from grids.demo import REMOVERS
        from grids.followers import register as register_follower
        from notices import texts
        from tables import heads

        register(check_workflows)
        register(check_stages)
        register(check_messages)
        texts.register(MESSAGES)
        register_converter(NumberConverter, "number")
        register_follower(FOLLOWER)
        category_tree.register(*category_tree.OURS)
        workflow.register(replace(task.TASK, acts=task.ACTS))
        REMOVERS.append(remove_demo_cases)
        register_holdings(holdings=HOLDINGS, keepings=KEEPINGS)
        heads.register(CATEGORIES, CALENDAR)
        heads.OWN_NAMES.append(own_names)
