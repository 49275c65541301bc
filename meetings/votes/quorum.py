"""Which body decides, who has to take part, and how many have to agree, as arithmetic. Pure.

How large the shares are, and by which article of which edition, stands in rows that staff keep (models/rule.py). "以上"
includes the number itself, "超过" does not (民法典 1259). Shares are compared as fractions, so that two thirds are two
thirds and not 66.67 %."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Body(StrEnum):
    """Who decides."""

    CONSENT = "consent"
    """协商一致 at the tea table: nothing that the law gives to a vote."""
    RESIDENTS = "residents"
    OWNERS = "owners"

    @property
    def label(self) -> str:
        return {"consent": "协商一致", "residents": "居民会议", "owners": "业主共同决定"}[self.value]


class Basis(StrEnum):
    """Who is a voice: the residents' body comes together in one of three ways; owners are counted by their property."""

    ADULTS = "adults"
    HOUSEHOLDS = "households"
    SPOKESPEOPLE = "spokespeople"
    OWNERS = "owners"

    @property
    def label(self) -> str:
        return {
            "adults": "全体十八周岁以上居民",
            "households": "每户派代表",
            "spokespeople": "居民小组代表",
            "owners": "业主",
        }[self.value]

    @property
    def unit(self) -> str:
        """What its voices are counted in."""
        return {"adults": "人", "households": "户", "spokespeople": "人", "owners": "人"}[self.value]


BASES = {
    Body.CONSENT: (),
    Body.RESIDENTS: (Basis.ADULTS, Basis.HOUSEHOLDS, Basis.SPOKESPEOPLE),
    Body.OWNERS: (Basis.OWNERS,),
}


@dataclass(frozen=True)
class Share:
    """A part of the whole that must be reached, or passed."""

    of: Fraction
    must_pass: bool
    in_words: str
    """The part in words."""

    def is_met(self, part: Decimal | int, whole: Decimal | int) -> bool:
        """Of nothing, nothing is met."""
        if not whole:
            return False
        reached = Fraction(part) / Fraction(whole)
        return reached > self.of if self.must_pass else reached >= self.of

    @property
    def words(self) -> str:
        return f"超过{self.in_words}" if self.must_pass else f"{self.in_words}以上"


SHARES = {
    "third": Share(Fraction(1, 3), False, "三分之一"),
    "half": Share(Fraction(1, 2), False, "半数"),
    "more_than_half": Share(Fraction(1, 2), True, "半数"),
    "two_thirds": Share(Fraction(2, 3), False, "三分之二"),
    "three_quarters": Share(Fraction(3, 4), False, "四分之三"),
}
"""Every share that a rule may ask for, by the name it is kept under."""
APPROVALS = ("more_than_half", "two_thirds", "three_quarters")
"""Of those who took part: always more than half, so that of two proposals one at most is decided on."""


@dataclass(frozen=True)
class Rule:
    turnout: Share
    """Of all on the roll."""
    approval: Share
    """Of those who took part."""
    by_area: bool
    """Whether both are asked of the area (专有部分面积) as well as of the people."""


@dataclass(frozen=True)
class Weight:
    people: int = 0
    area: Decimal = Decimal(0)
    """Square metres; nothing where area does not count."""

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(self.people + other.people, self.area + other.area)


NOTHING = Weight()


@dataclass(frozen=True)
class Hurdle:
    """One share that was asked for, and what was found."""

    label: str
    part: Decimal
    whole: Decimal
    share: Share
    unit: str

    @property
    def is_met(self) -> bool:
        return self.share.is_met(self.part, self.whole)

    @property
    def percent(self) -> str:
        """To two digits, cut and not rounded: 66.666… never reads as 66.67 %. "—" of nothing."""
        if not self.whole:
            return "—"
        hundredths = int(Fraction(self.part) / Fraction(self.whole) * 10_000)
        return f"{hundredths // 100}.{hundredths % 100:02d}%"


@dataclass(frozen=True)
class Decision:
    turnout: tuple[Hurdle, ...]
    approval: dict[int, tuple[Hurdle, ...]]
    """Of each proposal."""
    passed: int | None
    """The proposal that was decided on; None when too few took part, or none has enough."""

    @property
    def is_quorate(self) -> bool:
        return all(test.is_met for test in self.turnout)


def decide(rule: Rule, *, unit: str, roll: Weight, given: Mapping[int, Weight], proposals: frozenset[int]) -> Decision:
    """`given`: what each option got, whether it is a proposal or a 不同意 or 弃权; who gave any of them took part.

    Two proposals cannot both have more than half of those who took part, so at most one is decided on."""
    cast = sum(given.values(), NOTHING)
    turnout = _tests("参加", rule.turnout, cast, roll, rule.by_area, unit)
    approval = {
        option: _tests("同意", rule.approval, given.get(option, NOTHING), cast, rule.by_area, unit)
        for option in sorted(proposals)
    }
    enough = [option for option, tests in approval.items() if all(test.is_met for test in tests)]
    is_quorate = all(test.is_met for test in turnout)
    return Decision(turnout, approval, enough[0] if is_quorate and enough else None)


def _tests(label: str, share: Share, part: Weight, whole: Weight, by_area: bool, unit: str) -> tuple[Hurdle, ...]:
    people = Hurdle(f"{label}{unit}数", Decimal(part.people), Decimal(whole.people), share, unit)
    if not by_area:
        return (people,)
    return people, Hurdle(f"{label}面积", part.area, whole.area, share, "㎡")
