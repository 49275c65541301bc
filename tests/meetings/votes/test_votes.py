"""Votes: who is on the roll, one voice once, what is refused, and that nothing joins a secret ballot to its voter."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from cases.engine.turns import ArrowRefused
from cases.escalation import sweep
from meetings.homes.roster import end_tenure
from meetings.models import Tenure, Vote
from meetings.votes import counts
from meetings.votes import services as votes
from tests.meetings.neighbours import (
    CLOSES,
    DURING,
    OPENS,
    URN,
    a_home,
    a_person,
    adopted,
    announced,
    at_home,
    cast,
    draw,
    settle,
)
from tests.support.cast import MONDAY
from tests.support.heard import heard


def version_of(vote: Vote) -> int:
    vote.topic.case.refresh_from_db()
    return vote.topic.case.version


def counted(vote: Vote) -> Vote:
    sweep(at=CLOSES)
    vote.refresh_from_db()
    assert vote.counted_at is not None
    return vote


def test_a_voice_is_given_once(owners_vote, people):
    cast(owners_vote, people[0])
    with pytest.raises(votes.AlreadyCast):
        cast(owners_vote, people[0], "不同意")
    assert [ballot.option.words for ballot in owners_vote.ballots.all()] == ["同意"]


def test_one_of_a_household_gives_its_voice(defaults, town, desk, people):
    home = a_home(town.building, "101")
    for person in people[:2]:
        at_home(home, person)
    topic = adopted(town, desk, "公益事业所需费用", grid=town.community)
    vote = announced(topic, desk, basis="households")
    assert vote.voices.count() == 1
    cast(vote, people[0])
    with pytest.raises(votes.AlreadyCast, match="每户"):
        cast(vote, people[1], "不同意")


def test_who_moves_during_the_vote_still_votes_and_who_moves_in_does_not(owners_vote, town, people):
    seller, buyer = people[0], a_person(50)
    tenure = Tenure.objects.get(person=seller)
    end_tenure(tenure=tenure, at=DURING)
    at_home(tenure.home, buyer)
    cast(owners_vote, seller, at=DURING + timedelta(hours=1))
    assert votes.voices_of(owners_vote, buyer) == []
    assert owners_vote.voices.count() == 6


def test_a_household_that_splits_during_the_vote_is_two_in_the_next(defaults, town, desk, people):
    home = a_home(town.building, "101")
    first, second = (at_home(home, person) for person in people[:2])
    topic = adopted(town, desk, "公益事业所需费用", grid=town.community)
    vote = announced(topic, desk, basis="households")
    end_tenure(tenure=second, at=DURING)
    at_home(a_home(town.building, "102"), people[1])
    assert vote.voices.count() == 1
    cast(vote, people[1])  # still of that household as it was announced
    again = adopted(town, desk, "公益事业所需费用", grid=town.community, title="修凉亭")
    later = {"opens_at": CLOSES, "closes_at": CLOSES + timedelta(days=2)}
    assert announced(again, desk, at=CLOSES, basis="households", **later).voices.count() == 2


def test_area_decides_as_well_as_heads(defaults, town, desk, people):
    """Five small owners agree and one big one stays away: two thirds of the area did not take part."""
    settle(town, people, ["66.6", "66.6", "66.6", "66.6", "66.6", "167"])
    vote = announced(adopted(town, desk), desk)
    for person in people[:5]:
        cast(vote, person)
    outcome = counts.result(counted(vote))
    heads, area = outcome.turnout
    assert (heads.is_met, area.is_met, area.percent) == (True, False, "66.60%")
    assert outcome.passed is None


def test_three_quarters_for_the_matters_that_ask_it(defaults, town, desk, people):
    settle(town, people[:4])
    vote = announced(adopted(town, desk, "筹集维修资金"), desk)
    for person, option in zip(people[:4], ["同意", "同意", "同意", "不同意"], strict=True):
        cast(vote, person, option)
    assert counts.result(counted(vote)).passed == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"opens_at": MONDAY - timedelta(hours=1)}, "opens_at"),
        ({"closes_at": OPENS - timedelta(minutes=1)}, "closes_at"),  # closing before opening
        ({"closes_at": OPENS + timedelta(minutes=5)}, "closes_at"),
        ({"proposals": ["", " "]}, "proposals"),
        ({"proposals": ["甲", "甲"]}, "proposals"),
        ({"proposals": ["不同意"]}, "proposals"),
        ({"question": " "}, "question"),
        ({"basis": "adults"}, "basis"),  # a body that does not decide this
        (URN, "is_secret"),  # owners are counted by area, which names them
    ],
)
def test_a_vote_that_cannot_be_held(defaults, town, desk, people, more, field):
    settle(town, people)
    topic = adopted(town, desk)
    with pytest.raises(ValidationError) as refused:
        announced(topic, desk, **more)
    assert field in refused.value.message_dict
    topic.case.refresh_from_db()
    assert (topic.case.state, Vote.objects.count()) == ("discussing", 0)


def test_without_anybody_on_the_roll(defaults, town, desk):
    with pytest.raises(ValidationError, match="户册") as refused:
        announced(adopted(town, desk), desk)
    assert "basis" in refused.value.message_dict
    assert Vote.objects.count() == 0


def test_options_change_until_the_first_ballot(owners_vote, desk, people):
    terms = {"question": "装哪种扶手", "proposals": ["木的", "钢的"], "opens_at": OPENS, "closes_at": CLOSES}
    votes.change(vote=owners_vote, by=desk, at=MONDAY, version=version_of(owners_vote), **terms)
    assert [option.words for option in owners_vote.options.all()] == ["木的", "钢的", "不同意", "弃权"]
    cast(owners_vote, people[0], "木的")
    with pytest.raises(ArrowRefused, match="已经有人投票"):
        votes.change(
            vote=owners_vote, by=desk, at=DURING, version=version_of(owners_vote), **(terms | {"proposals": ["铝的"]})
        )
    assert [option.words for option in owners_vote.options.all()] == ["木的", "钢的", "不同意", "弃权"]


def test_a_ballot_with_an_option_that_was_changed_meanwhile(owners_vote, desk, people):
    old = owners_vote.options.get(words="同意")
    votes.change(
        vote=owners_vote,
        by=desk,
        at=MONDAY,
        version=version_of(owners_vote),
        question="装哪种",
        proposals=["木的"],
        opens_at=OPENS,
        closes_at=CLOSES,
    )
    voter = votes.voices_of(owners_vote, people[0])[0]
    with pytest.raises(ArrowRefused, match="选项刚刚有改动"):
        votes.cast(voter=voter, option=old, at=DURING)
    voter.voice.refresh_from_db()
    assert not voter.voice.is_cast


@pytest.mark.parametrize(("at", "words"), [(MONDAY, "还没有开始"), (CLOSES, "已经截止")])
def test_outside_its_hours(owners_vote, people, at, words):
    with pytest.raises(ArrowRefused, match=words):
        cast(owners_vote, people[0], at=at)
    assert owners_vote.ballots.count() == 0


def test_counted_is_closed_and_counting_twice_is_once(owners_vote, people):
    counted(owners_vote)
    with pytest.raises(ArrowRefused, match="已经截止"):
        cast(owners_vote, people[0])
    with pytest.raises(ArrowRefused, match="不能做这一步"):
        counts.count(case=owners_vote.topic.case, by=None, at=CLOSES, version=None, given=None)


def test_what_was_counted_is_not_voided(owners_vote, desk, people):
    cast(owners_vote, people[0])
    counted(owners_vote)
    with pytest.raises(ArrowRefused, match="不能做这一步"):
        draw(owners_vote.topic, "void", desk, "名册漏了一户", at=CLOSES)
    assert owners_vote.ballots.count() == 1


def test_voided_ballots_count_for_nothing(owners_vote, desk, people):
    cast(owners_vote, people[0])
    topic = owners_vote.topic
    draw(topic, "void", desk, "名册漏了一户", at=DURING)
    owners_vote.refresh_from_db()
    assert owners_vote.ballots.count() == 0
    with pytest.raises(ArrowRefused, match="作废"):
        cast(owners_vote, people[1])
    again = announced(topic, desk, at=DURING)
    assert again.round == 2
    cast(again, people[0], at=again.opens_at)


class TestProxies:
    def voter(self, vote, person):
        return votes.voices_of(vote, person)[0]

    def test_gives_the_owners_voice_with_their_area(self, owners_vote, people):
        votes.authorise(voter=self.voter(owners_vote, people[0]), to=people[1], at=DURING)
        own, given = votes.voices_of(owners_vote, people[1])
        assert given.given_by == people[0]
        for voter in (own, given):
            votes.cast(voter=voter, option=owners_vote.options.get(words="同意"), at=DURING)
        assert counts.given(owners_vote)[1] == counts.Weight(2, Decimal(200))
        with pytest.raises(votes.AlreadyCast):
            cast(owners_vote, people[0])

    def test_whoever_is_first_has_voted(self, owners_vote, people):
        votes.authorise(voter=self.voter(owners_vote, people[0]), to=people[1], at=DURING)
        cast(owners_vote, people[0])
        with pytest.raises(votes.AlreadyCast):
            votes.cast(voter=votes.voices_of(owners_vote, people[1])[1], option=owners_vote.options.first(), at=DURING)

    def test_not_more_than_so_many_of_one_person(self, owners_vote, people):
        for person in people[1 : votes.PROXIES + 1]:
            votes.authorise(voter=self.voter(owners_vote, person), to=people[0], at=DURING)
        with pytest.raises(ArrowRefused, match="请另托一位"):
            votes.authorise(voter=self.voter(owners_vote, people[5]), to=people[0], at=DURING)

    def test_is_not_passed_on_nor_given_to_oneself(self, owners_vote, people):
        mine = self.voter(owners_vote, people[0])
        with pytest.raises(ArrowRefused, match="不用委托给自己"):
            votes.authorise(voter=mine, to=people[0], at=DURING)
        votes.authorise(voter=mine, to=people[1], at=DURING)
        votes.authorise(voter=mine, to=people[1], at=DURING)  # twice is once
        _, given = votes.voices_of(owners_vote, people[1])
        with pytest.raises(ArrowRefused, match="不能再转委托"):
            votes.authorise(voter=given, to=people[2], at=DURING)

    def test_is_taken_back_until_cast(self, owners_vote, people):
        mine = self.voter(owners_vote, people[0])
        votes.authorise(voter=mine, to=people[1], at=DURING)
        votes.withdraw_authority(voter=mine)
        assert len(votes.voices_of(owners_vote, people[1])) == 1

    def test_residents_have_none(self, secret, people):
        with pytest.raises(ArrowRefused, match="不能委托"):
            votes.authorise(voter=self.voter(secret, people[0]), to=people[1], at=DURING)


def test_a_paper_ballot_is_entered_by_name_and_by_whom(owners_vote, desk, people):
    voice = votes.voices_of(owners_vote, people[0])[0].voice
    votes.enter_paper(voice=voice, option=owners_vote.options.get(words="弃权"), by=desk, at=DURING)
    assert owners_vote.ballots.get().entered_by == desk


def test_a_paper_ballot_of_a_secret_vote_is_refused_and_leaves_the_voice(secret, desk, people):
    voice = votes.voices_of(secret, people[0])[0].voice
    with pytest.raises(ArrowRefused, match="不记名"):
        votes.enter_paper(voice=voice, option=secret.options.first(), by=desk, at=DURING)
    voice.refresh_from_db()
    assert (voice.is_cast, secret.papers.count()) == (False, 0)


def test_a_home_whose_owner_is_not_known_belongs_to_the_whole(defaults, town, desk, people):
    """Two of three homes took part; the third has no registered owner: two thirds, and with a fourth no more."""
    settle(town, people[:2])
    for door in ("901", "902"):
        a_home(town.building, door)
    vote = announced(adopted(town, desk), desk)
    assert counts.roll_weight(vote) == counts.Weight(4, Decimal(360))
    for person in people[:2]:
        cast(vote, person)
    assert not counts.result(counted(vote)).is_quorate


def test_who_is_on_the_roll_hears_of_a_change_and_of_its_end(owners_vote, desk, people):
    votes.change(
        vote=owners_vote,
        by=desk,
        at=MONDAY,
        version=version_of(owners_vote),
        question="装哪种",
        proposals=["木的"],
        opens_at=OPENS,
        closes_at=CLOSES,
    )
    draw(owners_vote.topic, "void", desk, "名册漏了一户", at=DURING)
    for words in ("改了选项或时间", "作废"):
        assert heard(words, people[0]), words


def test_what_the_desk_does_is_the_desks_alone(owners_vote, staff, people):
    voice = votes.voices_of(owners_vote, people[0])[0].voice
    for stranger in (staff["other_cadre"], staff["grid_leader"], people[1]):
        with pytest.raises(ArrowRefused):
            votes.enter_paper(voice=voice, option=owners_vote.options.first(), by=stranger, at=DURING)
    assert owners_vote.ballots.count() == 0
