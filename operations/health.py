"""Whether the portal does its work, part by part. Each check is one cheap question; what cannot be asked is a "no".

Limits are such that a standstill shows within half a minute: a part that hangs has missed its signs of life, and what is
due has been left lying for longer than the sweep takes to find it."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Max, Min
from kombu.exceptions import OperationalError as BrokerAway

from cases.models import Case
from notices.delivery.outbox import waiting_since
from operations.models import Heartbeat

SILENT_AFTER = timedelta(seconds=10)
"""Three missed signs of life (operations/heartbeats.py)."""
LATE_AFTER = timedelta(seconds=settings.SWEEP_SECONDS + 5)
"""What the bell missed is found by a sweep, which takes its time."""
BROKER_SECONDS = 1.0
DATABASE_MILLISECONDS = 3000


@dataclass(frozen=True)
class Check:
    code: str
    label: str
    is_ok: bool
    words: str
    """How it stands, as staff read it."""
    advice: str = ""
    """What to do when it is not well."""


def checks(*, at: datetime) -> list[Check]:
    """All of them, in the order in which one would look. Without a database the others that need it are not asked."""
    database = _database()
    asked = [database, _broker(), _disk()]
    if database.is_ok:
        asked += _of_the_rows(at)
    return asked


def _of_the_rows(at: datetime) -> list[Check]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [DATABASE_MILLISECONDS])
            return [_alive(part, at) for part in Heartbeat.Part] + [_routing(at), _notices(at)]
    except DatabaseError:
        return [Check("rows", "数据表", False, "查询太慢或失败", "数据库很忙，或正有人锁着表。")]


def _database() -> Check:
    advice = "看数据库是否在运行、磁盘是否写满、连接数是否用完。"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return Check("database", "数据库", False, "连不上", advice)
    return Check("database", "数据库", True, "正常")


def _broker() -> Check:
    advice = "看 Redis 是否在运行，REDIS_URL 是否写对。期间提交照收，由定时检查补办。"
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
    except BrokerAway:
        return Check("broker", "消息队列", False, "连不上", advice)
    return Check("broker", "消息队列", True, "正常")


def _disk() -> Check:
    needed = settings.NEEDED_DISK_BYTES
    free = min(shutil.disk_usage(_existing(folder)).free for folder in (settings.DATA_DIR, Path(settings.MEDIA_ROOT)))
    words = f"剩余 {free / 1024**3:.1f} GB"
    return Check("disk", "磁盘", free >= needed, words, f"少于 {needed / 1024**3:.1f} GB：请清理或扩容，照片会存不下。")


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there already."""
    return folder if folder.exists() else _existing(folder.parent)


def _alive(part: Heartbeat.Part, at: datetime) -> Check:
    last = Heartbeat.objects.filter(part=part).aggregate(last=Max("at"))["last"]
    is_ok = last is not None and at - last <= SILENT_AFTER
    words = "从未运行" if last is None else "正常" if is_ok else f"已 {spoken(at - last)}没有动静"
    return Check(part.value, part.label, is_ok, words, f"{part.label}停了：请看它的日志，重新启动它。")


def _routing(at: datetime) -> Check:
    oldest = Case.objects.open().aggregate(oldest=Min("wake_at"))["oldest"]
    return _waiting("routing", "派单和催办", oldest, at, "到期的事项没有人处理：后台任务停了，或忙不过来。")


def _notices(at: datetime) -> Check:
    return _waiting("notices", "消息发送", waiting_since(), at, "消息发不出去：看后台任务和发送渠道。")


def _waiting(code: str, label: str, oldest: datetime | None, at: datetime, advice: str) -> Check:
    late = at - oldest if oldest else timedelta(0)
    is_ok = late <= LATE_AFTER
    return Check(code, label, is_ok, "没有积压" if is_ok else f"最早的一件已等了 {spoken(late)}", advice)


def spoken(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for unit, size in (("天", 86400), ("小时", 3600), ("分钟", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} 秒"


def is_well(asked: list[Check]) -> bool:
    return all(check.is_ok for check in asked)
