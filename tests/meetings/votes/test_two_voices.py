"""Whoever lives in two homes votes for two households: each paper has a receipt of its own, and the count finds both."""

import re

import time_machine

from cases.escalation import sweep
from meetings.votes import counts
from meetings.votes import services as votes
from tests.meetings.neighbours import CLOSES, DURING, URN, adopted, announced, at_home, opened, settle
from tests.support.cast import signed_in

RECEIPT = re.compile(r"您的回执号：<strong>([^<]+)</strong>")


def test_two_papers_of_one_hand_have_two_receipts(defaults, town, desk, people):
    hand, homes = people[0], settle(town, people)
    at_home(homes[1], hand, owns=False)
    topic = adopted(town, desk, "涉及全体居民利益的重要问题", grid=town.community)
    vote = announced(topic, desk, basis="households", **URN)
    option = vote.options.get(words="同意")
    with time_machine.travel(DURING, tick=False):
        client = signed_in(hand)
        shown = RECEIPT.findall(client.get(vote.get_absolute_url()).content.decode())
        assert len(set(shown)) == 2
        for voter in votes.voices_of(vote, hand):
            assert client.post(f"/votes/{vote.key}/cast/{voter.pk}/", {"option": option.pk}).status_code == 302
    sweep(at=CLOSES)
    vote.refresh_from_db()
    counted = opened(vote, desk)
    assert [counts.is_counted(counted, receipt) for receipt in shown] == [True, True]
