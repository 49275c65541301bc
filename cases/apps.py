from dataclasses import replace

from django.apps import AppConfig
from django.core.checks import register
from django.urls import register_converter


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "事项"

    def ready(self) -> None:
        from accounts.privacy.holdings import register as register_holdings
        from cases import task, workflow
        from cases.categories import tree as category_tree
        from cases.engine.checks import check_messages, check_stages, check_workflows
        from cases.engine.tree_changes import FOLLOWER
        from cases.limits.holidays import CALENDAR
        from cases.messages import MESSAGES
        from cases.models.column_name import own_names
        from cases.privacy import HOLDINGS, KEEPINGS
        from cases.reading.excel import CATEGORIES
        from grids.tree.observers import register as register_follower
        from notices import texts
        from tables import heads
        from web.converters import NumberConverter

        register(check_workflows)
        register(check_stages)
        register(check_messages)
        texts.register(MESSAGES)
        register_converter(NumberConverter, "number")
        register_follower(FOLLOWER)
        category_tree.register(*category_tree.OURS)
        workflow.register(replace(task.TASK, acts=task.ACTS))
        register_holdings(holdings=HOLDINGS, keepings=KEEPINGS)
        heads.register(CATEGORIES, CALENDAR)
        heads.OWN_NAMES.append(own_names)
