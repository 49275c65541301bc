"""At start: every address declares to whom it opens, by a rule of the list, and a page whose rule is about one thing calls
what fetches that thing for the person. A portal that fails here does not start."""

import inspect
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

from django.core.checks import CheckMessage, Error, register

from accounts.entry import RULES, Access, Rights, Rule
from grids.rights.doors import bulk_acts, doors


@register
def every_door_is_declared(app_configs: Any, **_: Any) -> list[CheckMessage]:
    faults_by_door = [(door.name or door.path, faults_of(door.rights)) for door in doors()]
    # The rows that an act is given are those of get_queryset().
    faults_by_door += [(f"{door} {act}", faults_of(rights, of_rows=True)) for door, act, rights in bulk_acts()]
    return [
        Error(f"{door}：{fault}", hint="见 docs/security.md，“谁能进哪扇门”。", id="zhenghe.E007")
        for door, faults in faults_by_door
        for fault in faults
    ]


def faults_of(rights: Rights | None, *, of_rows: bool = False) -> Iterator[str]:
    if rights is None:
        yield "没有写明对谁开放，请加上 opens_to 或 rights。"
        return
    called = names_called(rights.view) if rights.view is not None else None
    for rule in rights.rules():
        yield from (f"规则“{word}”不在清单里。" for word in first_words(rule) if word not in {*RULES, "desk"})
        if called is not None:
            if "area" in first_words(rule) and not (rule.access or of_rows):
                yield f"规则“{rule.words}”没有写明由哪个函数把关。"
            yield from (
                f"页面没有调用 {name(access)}，它的规则却由它把关。"
                for access in rule.access
                if name(access) not in called
            )


def first_words(rule: Rule) -> list[str]:
    return [part.partition(":")[0] for part in rule.words.split(" or ")]


def name(access: Access) -> str:
    return access.__name__


def names_called(view: Callable[..., Any]) -> set[str]:
    """All names that a page uses, by itself or through functions of its own file."""
    names: set[str] = set()
    waiting = list(_layers(view))
    while waiting:
        function = waiting.pop()
        used = set(_names_in(function.__code__)) - names
        names |= used
        near = [getattr(function, "__globals__", {}).get(word) for word in used]
        waiting += [
            callee for callee in near if inspect.isfunction(callee) and callee.__module__ == function.__module__
        ]
    return names


def _layers(view: Any) -> Iterator[Any]:
    """The function and what its decorators wrap."""
    while view is not None:
        if hasattr(view, "__code__"):
            yield view
        view = getattr(view, "__wrapped__", None)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)
