"""States and arrows of a kind of case, declared once and read by every door. Pure: knows no model.

A room declares a `Workflow` in its workflow.py and registers it when its app is ready; turns (cases/engine/turns.py) draw the
arrows, pages and API offer them, docs and permission tests are written out from them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

# As what somebody stands to a case (cases/engine/access.py says who is what).
ASKER = "asker"
HOLDER = "holder"
CO_HOLDER = "co_holder"
DISPATCHER = "dispatcher"
SUPERVISOR = "supervisor"
PARTY = "party"
MEDIATOR = "mediator"
EXPERT = "expert"
POLICE = "police"
HELPER = "helper"
CONCERNED = "concerned"
SYSTEM = "system"
STANDINGS = {
    ASKER: "提出人",
    HOLDER: "责任人",
    CO_HOLDER: "协办人",
    DISPATCHER: "派单员",
    SUPERVISOR: "上级",
    PARTY: "当事人",
    MEDIATOR: "调解员",
    EXPERT: "专家",
    POLICE: "民警",
    HELPER: "服务者",
    CONCERNED: "被反映人",
    SYSTEM: "系统",
}
SEATED = frozenset({ASKER, CO_HOLDER, PARTY, MEDIATOR, EXPERT, POLICE, HELPER, CONCERNED})
"""Standings that are a seat on the case (cases.models.Seat); the others follow from posts."""
OWN_MATTER = frozenset({ASKER, PARTY})
"""Whose matter it is. They are nothing else to the case, whatever posts they hold (回避)."""
VOTERS = "voters"
"""Who may second or vote: no standing, for they sit nowhere; only waited for."""
KEPT_OUT = OWN_MATTER | {CONCERNED}
"""Into whose hands a case must not come. Whom it is about does not see it either."""

Guard = Callable[[Any, datetime], str]
"""(facts, at) -> why the arrow cannot be drawn now, in Chinese; "" when it can. Pure: all it asks is a fact of the case
(cases/engine/facts.py and what the kind has below it)."""
OwnGuard = Callable[[Any, Any, datetime], str]
"""(facts, person, at) -> why this person cannot draw it now, where it hangs on who it is; "" when they can."""

Acts = dict[str, Callable[..., Any]]
"""Verb -> the service that draws the arrow and writes what belongs to it."""


@dataclass(frozen=True)
class State:
    label: str
    """At most five characters: it goes into messages of limited length."""
    clock: str = ""
    """Stage whose time limit runs here (cases.models.TimeLimit.stage). Open states have one."""
    waits_for: frozenset[str] = frozenset({HOLDER})
    """Whose clock runs: what others let pass (asker, parties, whoever is to vote) is not the holder's delay."""
    awaits: str = "等居民回应"
    lapses_as: str = "自动归档"
    """Where others' clock runs: what is waited for, and what becomes of it when the limit ends."""
    lapses_by: str = ""
    """Arrow that the system draws when the limit ends; without one, the case climbs the grid."""
    stamps: str = ""
    """Time stamp of the case that entering this state sets."""
    keeps_clock: bool = False
    """Entered from a state with the same clock, the limit that runs there goes on."""
    final: bool = False

    @property
    def is_holders(self) -> bool:
        """Whether the holder's clock runs here."""
        return HOLDER in self.waits_for


@dataclass(frozen=True)
class Tell:
    """Who hears of an arrow. What they hear stands in the room's messages.py, under kind.verb.whom."""

    whom: str
    is_for_new: bool = False
    """Of those who sit on the case as `whom`, only who got their seat by this very act."""
    to: str | None = None
    """Where the arrow leads to several states: only told when it led to this one ("": when it stayed)."""


@dataclass(frozen=True)
class Arrow:
    verb: str
    label: str
    """On the button."""
    done: str
    """In the story, for instance "已签收"."""
    sources: tuple[str, ...]
    target: str | tuple[str, ...]
    """State it leads to; "" stays in the state. One of several where the act decides which."""
    who: frozenset[str]
    needs: tuple[str, ...] = ()
    """Fields that must be said (cases/forms.py has one for each)."""
    may_say: tuple[str, ...] = ()
    guard: Guard | None = None
    own_guard: OwnGuard | None = None
    tells: tuple[Tell, ...] = ()
    is_main: bool = False
    """The next natural act of whoever may draw it: shown as the page's one main button."""
    is_grave: bool = False
    """Ends what somebody asked for: its button warns."""
    is_shown_to_asker: bool = True
    """Whether it appears in the story that the asker or a party reads."""
    refers_to: frozenset[str] = frozenset()
    """Standings it refers the case to, who read what is said with it though it is between offices."""
    door: str = ""
    """Name of the page that draws it, where more is said than fields of a form; "" for the form of every arrow."""

    done_at: tuple[tuple[str, str], ...] = ()
    """Where it leads to several states: (state, what the story says when it led there), other than `done`."""

    @property
    def fields(self) -> tuple[str, ...]:
        return self.needs + self.may_say

    @property
    def targets(self) -> tuple[str, ...]:
        return self.target if isinstance(self.target, tuple) else (self.target,)

    def leads_to(self, to: str | None) -> str:
        """The state it leads to, where the act decided for `to`. Raises ValueError: not one of its targets, or one of
        several and none is said."""
        if to is None and len(self.targets) == 1:
            return self.targets[0]
        if to not in self.targets:
            raise ValueError(f"{self.verb!r} leads to {self.targets}, not to {to!r}")
        return to

    def done_words(self, led_to: str) -> str:
        return dict(self.done_at).get(led_to, self.done)

    def refusal(self, facts: Any, person: Any, at: datetime) -> str:
        """Why the guards do not let `person` (None: the system) draw it now; "" when they do."""
        reason = self.guard(facts, at) if self.guard else ""
        if not reason and self.own_guard and person is not None:
            reason = self.own_guard(facts, person, at)
        return reason


class StageLimit(NamedTuple):
    """How long a stage may take in a new portal; staff change it in the admin (cases.models.TimeLimit)."""

    stage: str
    amount: int
    unit: str
    """Of cases.limits.clock.Unit."""
    source: str = "本平台建议值"
    urgency: str = ""


@dataclass(frozen=True)
class Workflow:
    kind: str
    label: str
    states: dict[str, State]
    arrows: tuple[Arrow, ...]
    initial: str
    unsorted: str = ""
    """State of a case that comes in without a place or a category; staff sort it before it is routed."""
    routed_by: str = ""
    """Arrow that the system draws when routing has found the holder; "" when cases are born with one."""
    details_template: str = ""
    """Shows what a kind has beyond a case; given `case`, and `details` where the kind has them."""
    details: Callable[..., dict[str, Any]] | None = None
    """(case=, reader=, at=) -> what of the details this reader may see."""
    reveals: Callable[[Any], dict[str, str]] | None = None
    """Case -> what else is shown with the asker's phone, for a reason that is logged: heads and values."""
    keeps_own_words: bool = False
    """Whether the room itself says how long words and photos of its closed cases are kept (a file that the law asks for)."""
    finish_label: str = "答复"
    """What is promised by the end of the whole limit: 最迟周五 18:00 前答复."""
    stages: dict[str, str] = field(default_factory=dict)
    """Stages of this kind's own that have a time limit, and what staff call them."""
    limits: tuple[StageLimit, ...] = ()
    """What a new portal starts with; of a stage without any: 1 working day."""
    stage_of: Callable[[Any, str], str] | None = None
    """(case, clock) -> the stage whose limit applies, where it hangs on the case."""
    facts: Callable[[Any], Any] | None = None
    """Case -> what is known of it (a class below cases.engine.facts.Facts), where its guards ask more than every kind's."""
    is_asked_by_office: bool = False
    """Who asks hands out what is the office's: it may begin at their own desk, and they go on supervising it. They are
    given it by nobody all the same."""
    acts: Acts = field(default_factory=dict, compare=False)
    """Arrows without one are just drawn."""
    fields: dict[str, Callable[..., Any]] = field(default_factory=dict, compare=False)
    """Form fields of this kind's own, by name: called with the case (cases/forms.py has those of every kind)."""

    def arrow(self, verb: str) -> Arrow | None:
        return self._by_verb.get(verb)

    def arrows_from(self, state: str) -> Iterator[Arrow]:
        return (arrow for arrow in self.all_arrows if state in arrow.sources)

    @cached_property
    def refers_to_police(self) -> bool:
        return any(arrow.verb == REFER for arrow in self.arrows)

    @cached_property
    def _by_verb(self) -> dict[str, Arrow]:
        return {arrow.verb: arrow for arrow in self.all_arrows}

    @cached_property
    def all_arrows(self) -> tuple[Arrow, ...]:
        """The kind's own, and the engine's where the kind has not declared the verb otherwise."""
        own = {arrow.verb for arrow in self.arrows}
        return self.arrows + tuple(arrow for arrow in engine_arrows(self) if arrow.verb not in own)

    def open_states(self) -> tuple[str, ...]:
        return tuple(code for code, state in self.states.items() if not state.final)


def is_others_work(facts: Any, person: Any, at: datetime) -> str:
    """Own guard of whoever looks at the result."""
    return "您就是办结人，请由另一位来看结果。" if facts.case.finished_by_id == person.pk else ""


REFER, ANSWER = "refer_police", "answer_police"


def _is_with_police(facts: Any, at: datetime) -> str:
    return "这件事项已经转给警格，正在等答复。" if facts.referral else ""


def _is_not_with_police(facts: Any, at: datetime) -> str:
    return "" if facts.referral else "这件事项没有等警格答复的转办。"


def _is_not_with_this_officer(facts: Any, person: Any, at: datetime) -> str:
    is_theirs = facts.referral and facts.referral.post.person_id == person.pk
    return "" if is_theirs else "这件事项没有转给您，不用答复。"


def refer_police(sources: tuple[str, ...], who: frozenset[str]) -> Arrow:
    """转警格, for kinds that refer to the police (cases/engine/referrals.py): the engine adds what follows on it."""
    return Arrow(
        REFER, "转警格", "已转警格，请民警协助", sources, "", who, needs=("words",), guard=_is_with_police,
        is_shown_to_asker=False, refers_to=frozenset({POLICE}),
        tells=(Tell(POLICE), Tell(HOLDER), Tell(ASKER)),
    )  # fmt: skip


def _after_referring(open_states: tuple[str, ...]) -> tuple[Arrow, ...]:
    """The answer, or why there is none."""
    staff, police = frozenset({HOLDER, DISPATCHER, SUPERVISOR}), frozenset({POLICE})
    system = frozenset({SYSTEM})
    return (
        Arrow(
            ANSWER, "警格答复", "警格已答复", open_states, "", police, needs=("words",), may_say=("photos",),
            guard=_is_not_with_police, own_guard=_is_not_with_this_officer, is_main=True, is_shown_to_asker=False,
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "recall_police", "撤回转警格", "已撤回转警格", open_states, "", staff, needs=("words",),
            guard=_is_not_with_police, is_shown_to_asker=False,
            tells=(Tell(POLICE),),
        ),
        Arrow(
            "police_late", "警格超时", "警格超时未答复", open_states, "", system, is_shown_to_asker=False,
            tells=(Tell(POLICE), Tell(HOLDER), Tell(SUPERVISOR)),
        ),
        Arrow(
            "police_succeed", "警格换人", "民警变动，由接任民警答复", open_states, "", system, is_shown_to_asker=False,
            refers_to=police, tells=(Tell(POLICE),),
        ),
        Arrow(
            "police_gone", "警格无人", "民警离任，暂无接任，转办已退回", open_states, "", system,
            is_shown_to_asker=False, tells=(Tell(HOLDER),),
        ),
    )  # fmt: skip


def engine_arrows(workflow: Workflow) -> tuple[Arrow, ...]:
    """What the engine itself does with an open case of any kind, and of kinds that refer to the police."""
    open_states = workflow.open_states()
    anyone = frozenset({ASKER, HOLDER, CO_HOLDER, DISPATCHER, SUPERVISOR})
    system = frozenset({SYSTEM})
    return (
        *(_after_referring(open_states) if workflow.refers_to_police else ()),
        Arrow(
            "note", "补充说明", "补充了说明", open_states, "", anyone, needs=("words",), may_say=("photos",),
            tells=(Tell(HOLDER), Tell(ASKER))
        ),
        Arrow(
            "remind", "提醒", "时限过半，已提醒责任人", open_states, "", system, is_shown_to_asker=False,
            tells=(Tell(HOLDER),),
        ),
        Arrow(
            "overdue", "超时", "已超时，已报告上一级", open_states, "", system,
            tells=(Tell(HOLDER), Tell(SUPERVISOR)),
        ),
        Arrow(
            "climb", "升级", "超时未办，已升级到上一级", open_states, "", system,
            tells=(Tell(HOLDER), Tell(ASKER), Tell(PARTY)),
        ),
        Arrow(
            "succeed", "接任", "责任人变动，由接任者继续办理", open_states, "", system,
            tells=(Tell(HOLDER), Tell(ASKER), Tell(PARTY)),
        ),
        Arrow("resettle", "调整网格", "所属网格调整", open_states, "", system, is_shown_to_asker=False),
        Arrow("rename", "更换分类", "分类目录更换，分类随之改名", open_states, "", system, is_shown_to_asker=False),
        Arrow(
            "recount", "重算时限", "节假日安排公布，时限已重算", open_states, "", system,
            tells=(Tell(ASKER),),
        ),
    )  # fmt: skip


WORKFLOWS: dict[str, Workflow] = {}


def register(workflow: Workflow) -> None:
    WORKFLOWS[workflow.kind] = workflow


def kind_choices() -> list[tuple[str, str]]:
    return [(workflow.kind, workflow.label) for workflow in WORKFLOWS.values()]


def state_choices() -> list[tuple[str, str]]:
    """Every state of every kind, once."""
    labels: dict[str, str] = {}
    for workflow in WORKFLOWS.values():
        for code, state in workflow.states.items():
            labels.setdefault(code, state.label)
    return list(labels.items())
