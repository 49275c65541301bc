"""What a message of each kind says. The texts of a room stand in its messages.py, registered when its app is ready; a
channel renders a message from its facts, within its own limits. Pure: knows no model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from string import Formatter
from typing import Any

SITE, MAIL, SMS, WECHAT, OFFICIAL = "site", "mail", "sms", "wechat", "official"
BY_TEMPLATE = (WECHAT, OFFICIAL, SMS)
"""Ways out of the house that want a template of the county's."""
LABELS = {SITE: "站内消息", MAIL: "邮件", SMS: "短信", WECHAT: "微信小程序", OFFICIAL: "微信公众号"}
DUTY = frozenset({"holder", "co_holder", "supervisor", "police", "mediator", "dispatcher"})
"""Whom a message tells because it is their work: the last word of its kind."""
MAX_LENGTH = 300
"""Signs that the sentence has at most."""
FORGOTTEN = "（内容已删除）"

Facts = Mapping[str, str | int]
"""What a message tells of, as plain values. A moment stands twice: as the words that people read, `due`, and in ISO 8601,
`due_at`, for channels whose fields want the moment."""


@dataclass(frozen=True)
class Text:
    """What messages of one kind say, in each way in which they are said."""

    sentence: str
    """On the site and by mail, with the facts as {fields}."""
    many: str = ""
    """Of several that went into one (`notices.services.Digest`); {count} says how many."""
    channels: tuple[str, ...] = (SITE,)
    """By each of these it goes, where the person has it. Beside them it goes out of the house by the first way that has a
    template for it and takes it (notices/delivery/push.py)."""
    is_urgent: bool = False
    """Danger, or the person's own account: at night too."""

    @cached_property
    def fields(self) -> frozenset[str]:
        """The facts without which it cannot be said."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.sentence) if name)

    @property
    def fields_known(self) -> frozenset[str]:
        """What templates of this kind may say: its facts and their moments, the number of its case where it has one, or all of
        its sentence."""
        return self.fields | {f"{name}_at" for name in self.fields} | {"sentence", "number"}


TEXTS: dict[str, Text] = {}


def register(texts: Mapping[str, Text]) -> None:
    """Raises ValueError: a kind has a text already."""
    if doubled := sorted(texts.keys() & TEXTS.keys()):
        raise ValueError(f"messages with two texts: {doubled}")
    TEXTS.update(texts)


def sentence(kind: str, facts: Facts | None, *, count: int = 1) -> str:
    """As the site says it. Never raises: what was blanked, or what nobody has a text for any more, is FORGOTTEN."""
    text = TEXTS.get(kind)
    if text is None or facts is None:
        return FORGOTTEN
    template = text.many if count > 1 else text.sentence
    return template.format_map(_Known(facts, count=count))[:MAX_LENGTH]


def filled(content: str, kind: str, facts: Facts | None, *, count: int = 1) -> str:
    """What stands in a field of a template. What a message does not say is nothing."""
    known = {**(facts or {}), "count": count, "sentence": sentence(kind, facts, count=count)}
    return content.format_map(_Blank(known))


class _Blank(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return ""


class _Known(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return FORGOTTEN


def channels_of(kind: str) -> tuple[str, ...]:
    text = TEXTS.get(kind)
    return text.channels if text else (SITE,)


def kinds_off(channel: str) -> Iterable[str]:
    """Those that never go by this channel."""
    return [kind for kind, text in TEXTS.items() if channel not in text.channels]


def is_duty(kind: str) -> bool:
    """Whether it tells somebody of their work."""
    return kind.rpartition(".")[2] in DUTY


def matches(pattern: str, kind: str) -> bool:
    """A * stands for anything."""
    return fnmatchcase(kind, pattern)


def matching(pattern: str) -> list[str]:
    """The kinds that a pattern names."""
    return [kind for kind in TEXTS if matches(pattern, kind)]
