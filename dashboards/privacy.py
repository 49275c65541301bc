"""What this room holds about people: who is sent which report, and who took out which list. Registered when the app is
ready."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.privacy.holdings import Holding
from dashboards.exports import services as exports
from dashboards.models import Export, Subscription
from dashboards.reports import services as reports


def _subscriptions(person: User) -> Iterator[dict[str, Any]]:
    for subscription in Subscription.objects.filter(person=person).select_related("node").order_by("pk"):
        yield {
            "哪里": subscription.place_name,
            "哪种": subscription.get_code_display(),
            "邮箱": subscription.mail,
            "起": subscription.from_date,
        }


def _end_subscriptions(person: User, at: datetime) -> None:
    Subscription.objects.filter(person=person).delete()


def _exports(person: User) -> Iterator[dict[str, Any]]:
    for export in Export.objects.filter(person=person).select_related("node").order_by("pk"):
        yield {"清单": export.title, "行数": export.row_count, "申请时间": export.asked_at}


def _end_exports(person: User, at: datetime) -> None:
    for export in Export.objects.filter(person=person):
        export.file.delete(save=False)
        export.delete()


HOLDINGS = (
    Holding(
        "报告订阅",
        _subscriptions,
        _end_subscriptions,
        about="staff who have reports sent to them",
        why="to send them, by mail to the address they gave and confirmed",
        erased="goes",
    ),
    Holding(
        "导出的清单",
        _exports,
        _end_exports,
        about="staff who took out a list",
        why="the file is for them alone; what it holds they may read anyway ([reports.md](rooms/reports.md))",
        erased="goes, the file too; that it was fetched stays in the audit trail",
    ),
)
KEEPINGS = (exports.KEEPING, reports.KEEPING)
