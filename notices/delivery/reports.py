"""What a gateway tells us later of an SMS: it arrived, or there is nobody at that number. What did not arrive goes by the next
way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from notices.models import Delivery, Notice
from notices.texts import SMS


@dataclass(frozen=True)
class Report:
    message_id: str
    has_arrived: bool
    words: str


def read(rows: Iterable[Mapping[str, Any]]) -> list[Report]:
    """Of Aliyun (SmsReport over HTTP: biz_id, success, err_code) or Tencent (短信下发状态通知: sid, report_status, errmsg).
    Raises KeyError: neither."""
    return [_read(row) for row in rows]


def _read(row: Mapping[str, Any]) -> Report:
    if "sid" in row:
        return Report(str(row["sid"]), row["report_status"] == "SUCCESS", str(row.get("errmsg", "")))
    return Report(str(row["biz_id"]), row["success"] is True, str(row.get("err_code", "")))


def note(reports: Iterable[Report], *, at: datetime) -> int:
    """How many were of ours. The same report again changes nothing."""
    noted = 0
    for report in reports:
        with transaction.atomic():
            noted += _note(report, at)
    return noted


def _note(report: Report, at: datetime) -> int:
    sent = Delivery.objects.filter(channel=SMS, message_id=report.message_id, state=Delivery.State.SENT)
    state = Delivery.State.ARRIVED if report.has_arrived else Delivery.State.REFUSED
    rows = list(sent.select_for_update().values_list("pk", "notice"))
    Delivery.objects.filter(pk__in=[pk for pk, _ in rows]).update(state=state, error=report.words[:200], at=at)
    if not report.has_arrived:
        again = Notice.objects.filter(pk__in=[notice for _, notice in rows])
        again.update(sent_at=None, due_at=at, held_until=None, tries=0, leased_until=None)
    return len(rows)
