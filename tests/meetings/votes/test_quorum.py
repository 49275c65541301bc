"""What 居民会议 and 业主 ask for, as the house starts with it, as tables."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.defaults import RULES
from meetings.models import VoteRule
from meetings.votes.quorum import Basis, Hurdle, Weight, decide
from meetings.votes.rolls import Member, voices

YES, NO, ABSTAIN = 1, 2, 3
BY_DEFAULT = {
    (basis, is_special): VoteRule(basis=basis, is_special=is_special, **terms) for basis, is_special, terms in RULES
}
RESIDENTS = BY_DEFAULT[Basis.ADULTS, False].rule
OWNERS, OWNERS_SPECIAL = BY_DEFAULT[Basis.OWNERS, False].rule, BY_DEFAULT[Basis.OWNERS, True].rule


def people(yes: int, no: int = 0, abstain: int = 0) -> dict[int, Weight]:
    return {YES: Weight(yes), NO: Weight(no), ABSTAIN: Weight(abstain)}


def decided(rule, roll, given):
    return decide(rule, unit="人", roll=roll, given=given, proposals=frozenset({YES}))


@pytest.mark.parametrize(
    ("roll", "yes", "no", "abstain", "is_quorate", "passes"),
    [
        (100, 51, 0, 0, True, True),  # more than half came, all agree
        (100, 50, 0, 0, False, False),  # exactly half is not more than half
        (101, 51, 0, 0, True, True),
        (100, 26, 25, 0, True, True),  # 26 of 51
        (100, 26, 20, 6, True, False),  # 26 of 52: who abstains took part
        (100, 0, 0, 60, True, False),
        (1, 1, 0, 0, True, True),
        (0, 0, 0, 0, False, False),  # nobody on the roll
    ],
)
def test_residents_meeting(roll, yes, no, abstain, is_quorate, passes):
    decision = decided(RESIDENTS, Weight(roll), people(yes, no, abstain))
    assert (decision.is_quorate, decision.passed == YES) == (is_quorate, passes)


def owners(people: int, area: str) -> Weight:
    return Weight(people, Decimal(area))


@pytest.mark.parametrize(
    ("came", "area", "is_quorate"),
    [
        (667, "666.00", False),  # 66.7 % of the people, 66.6 % of the area
        (667, "667.00", True),  # 66.7 % of both
        (666, "667.00", False),  # 66.6 % of the people
        (1000, "666.66", False),  # everybody but too little area
        (667, "666.67", True),  # two thirds of 1000 ㎡ are 666.666…
    ],
)
def test_owners_need_two_thirds_of_area_and_of_people(came, area, is_quorate):
    decision = decided(OWNERS, owners(1000, "1000.00"), {YES: owners(came, area)})
    assert decision.is_quorate is is_quorate
    assert (decision.passed == YES) is is_quorate


def test_exactly_two_thirds_are_enough():
    assert decided(OWNERS, owners(3, "300"), {YES: owners(2, "200")}).is_quorate


@pytest.mark.parametrize(
    ("yes", "yes_area", "ordinary", "special"),
    [
        (50, "60", False, False),  # half of those who took part is not more than half
        (51, "50", False, False),
        (51, "51", True, False),
        (74, "75", True, False),
        (75, "74.99", True, False),
        (75, "75", True, True),  # three quarters includes the number itself
        (90, "10", False, False),  # many small owners against one big one
    ],
)
def test_owners_majorities(yes, yes_area, ordinary, special):
    roll = owners(100, "100")
    given = {YES: owners(yes, yes_area), NO: owners(100 - yes, str(100 - Decimal(yes_area)))}
    assert (decided(OWNERS, roll, given).passed == YES) is ordinary
    assert (decided(OWNERS_SPECIAL, roll, given).passed == YES) is special


def test_who_did_not_take_part_neither_agrees_nor_disagrees():
    """70 of 100 came, 36 agree: more than half of the 70, though no third of all would be."""
    given = {YES: owners(36, "36"), NO: owners(34, "34")}
    assert decided(OWNERS, owners(100, "100"), given).passed == YES


@pytest.mark.parametrize(
    ("basis", "is_special", "words"),
    [
        (Basis.HOUSEHOLDS, False, "超过半数参加、参加的超过半数同意为通过"),
        (Basis.OWNERS, False, "三分之二以上参加、参加的超过半数同意为通过，人数和面积都要达到"),
        (Basis.OWNERS, True, "三分之二以上参加、参加的四分之三以上同意为通过，人数和面积都要达到"),
    ],
)
def test_what_is_enough_is_said_in_words(basis, is_special, words):
    assert BY_DEFAULT[basis, is_special].words == words


def test_a_share_is_never_rounded_up_to_what_it_is_not():
    test = Hurdle("参加面积", Decimal("666.66"), Decimal(1000), OWNERS.turnout, "㎡")
    assert (test.percent, test.is_met) == ("66.66%", False)
    assert Hurdle("参加", Decimal(2), Decimal(3), OWNERS.turnout, "人").percent == "66.66%"
    assert Hurdle("参加", Decimal(0), Decimal(0), OWNERS.turnout, "人").percent == "—"


@given(
    st.integers(1, 400),
    st.integers(0, 400),
    st.integers(0, 400),
    st.integers(0, 400),
    st.sampled_from([OWNERS, RESIDENTS]),
)
def test_at_most_one_proposal_is_decided_on(roll, first, second, no, rule):
    cast = first + second + no
    weights = {n: Weight(v, Decimal(v)) for n, v in ((1, first), (2, second), (3, no))}
    decision = decide(
        rule,
        unit="人",
        roll=Weight(max(roll, cast), Decimal(max(roll, cast))),
        given=weights,
        proposals=frozenset({1, 2}),
    )
    if decision.passed is not None:
        assert Fraction(weights[decision.passed].people, cast) > Fraction(1, 2)
        other = weights[3 - decision.passed].people
        assert other < weights[decision.passed].people


def member(home: int, person: int, **more: bool) -> Member:
    traits = {"is_adult": True, "lives_there": True, "owns": False, "is_spokesperson": False} | more
    return Member(home, person, **traits)


HOMES = {home: Decimal(area) for home, area in ((1, 90), (2, 60), (3, 100), (4, 50), (5, 70))}


FAMILY = [
    member(1, 11, owns=True), member(1, 12, owns=True), member(1, 13, is_adult=False),  # a couple and their child
    member(2, 11, owns=True, lives_there=False), member(2, 21),  # let to somebody
    member(3, 31, owns=True), member(4, 31, owns=True, lives_there=False),  # two homes of one owner
    member(5, 41, is_spokesperson=True),
]  # fmt: skip


def test_adults_vote_where_they_live_each_once():
    assert sorted(min(v.people) for v in voices(Basis.ADULTS, FAMILY, HOMES)) == [11, 12, 21, 31, 41]


def test_a_household_is_one_voice_whoever_gives_it():
    by_home = {min(v.homes): v.people for v in voices(Basis.HOUSEHOLDS, FAMILY, HOMES)}
    assert by_home == {1: {11, 12}, 2: {21}, 3: {31}, 5: {41}}


def test_spokespeople_are_who_was_chosen():
    assert [v.people for v in voices(Basis.SPOKESPEOPLE, FAMILY, HOMES)] == [{41}]


def test_owners_are_counted_by_their_property():
    """司法解释 9: a home is one person, several of one buyer are one; a tenant is none; one whose owner is
    not known (5) belongs to the whole, and nobody can give its voice."""
    by_people = {frozenset(v.people): (v.homes, v.area) for v in voices(Basis.OWNERS, FAMILY, HOMES)}
    assert by_people == {
        frozenset({11, 12}): ({1}, Decimal(90)),
        frozenset({11}): ({2}, Decimal(60)),
        frozenset({31}): ({3, 4}, Decimal(150)),
        frozenset(): ({5}, Decimal(70)),
    }


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 6), st.booleans()), max_size=40))
def test_all_area_is_on_the_owners_roll_once(rows):
    members = [member(home, person, owns=owns) for home, person, owns in rows]
    homes = {home: Decimal(10 * home) for home in range(1, 9)}
    heard = voices(Basis.OWNERS, members, homes)
    assert sum((v.area for v in heard), Decimal(0)) == sum(homes.values())
    assert sorted(home for v in heard for home in v.homes) == sorted(homes)
