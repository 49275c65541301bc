"""A secret ballot cannot be joined to its voter, who can check that it was counted; and what holds when all vote at once."""

import threading

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts.models import User
from cases.escalation import sweep
from meetings import ballots
from meetings.models import Ballot, Tenure, Vote, Voter
from meetings.services import votes
from tests.cast import signed_in, whole_database
from tests.meetings.neighbours import (
    CLOSES,
    DURING,
    MOVED_IN,
    a_home,
    adopted,
    announced,
    cast,
)
from tests.meetings.test_votes import counted


class TestSecret:
    def receipts(self, secret: Vote, people: list[User]) -> dict[str, str]:
        """Receipt -> option."""
        said = {}
        for n, person in enumerate(people):
            receipt, option = ballots.new_receipt(), ("同意", "不同意", "弃权")[n % 3]
            cast(secret, person, option, receipt=receipt)
            said[receipt] = option
        return said

    def test_before_the_count_a_dump_holds_no_choice_and_no_receipt(self, secret, people):
        receipts = self.receipts(secret, people)
        papers = list(secret.ballots.values_list("voice", "option", "receipt_index", "entered_by"))
        assert papers == [(None, None, "", None)] * len(people)
        lengths = {len(sealed) for sealed in secret.ballots.values_list("sealed", flat=True)}
        assert len(lengths) == 1  # not even the length of the option shows
        dump = whole_database()
        assert not [receipt for receipt in receipts if receipt in dump]

    def test_after_the_count_nothing_joins_a_ballot_to_a_voter(self, secret, people):
        receipts = self.receipts(secret, people)
        before = set(secret.ballots.values_list("pk", flat=True))
        vote = counted(secret)
        assert vote.ballots.count() == vote.voices.filter(is_cast=True).count() == len(people)
        assert not before & set(vote.ballots.values_list("pk", flat=True))
        # What the roll and the ballots have in common is the vote alone.
        fields = {field.name for field in Ballot._meta.concrete_fields}
        assert fields == {"id", "vote", "voice", "option", "entered_by", "sealed", "receipt_index"}
        assert set(vote.ballots.values_list("voice", "sealed", "entered_by")) == {(None, "", None)}
        dump = whole_database()
        assert not [receipt for receipt in receipts if receipt in dump]

    def test_the_order_of_the_count_is_not_that_of_the_votes(self, secret, people, monkeypatch):
        """Chance is what hides it: the shuffle is asked for, and its order is the one that is written."""
        self.receipts(secret, people)
        monkeypatch.setattr(votes.secrets.SystemRandom, "shuffle", lambda self, papers: papers.reverse())
        counted(secret)
        with connection.cursor() as cursor:
            cursor.execute("SELECT option_id FROM meetings_ballot WHERE vote_id = %s ORDER BY ctid", [secret.pk])
            options = {option.pk: option.words for option in secret.options.all()}
            words = [options[row[0]] for row in cursor.fetchall()]
        assert words == ["弃权", "不同意", "同意", "弃权", "不同意", "同意"]

    def test_a_voter_can_check_that_theirs_was_counted(self, secret, people):
        receipts = self.receipts(secret, people)
        vote = counted(secret)
        assert all(votes.is_counted(vote, receipt) for receipt in receipts)
        typed = next(iter(receipts)).replace("-", " ").lower()
        assert votes.is_counted(vote, typed)
        assert not votes.is_counted(vote, ballots.new_receipt())
        with pytest.raises(ValidationError, match="回执号"):
            votes.is_counted(vote, "123")

    def test_the_count_equals_the_ballots(self, secret, people):
        self.receipts(secret, people)
        assert {n: w.people for n, w in votes.given(counted(secret)).items()} == {1: 2, 2: 2, 3: 2}

    def test_on_the_page_a_second_tap_shows_the_same_receipt(self, secret, people):
        with frozen(DURING):
            client = signed_in(people[0])
            page = client.get(secret.get_absolute_url()).content.decode()
            receipt = client.get(secret.get_absolute_url()).context["receipt"]
            assert receipt in page
            voter = votes.voices_of(secret, people[0])[0]
            said = {"option": secret.options.get(words="同意").pk}
            path = f"/votes/{secret.key}/cast/{voter.pk}/"
            first, second = client.post(path, said, follow=True), client.post(path, said, follow=True)
            assert f"回执号 {receipt}" in first.content.decode()
            assert "已经投过" in second.content.decode()
            assert receipt in second.content.decode()
        assert secret.ballots.count() == 1
        assert votes.is_counted(counted(secret), receipt)

    def test_another_persons_voice_is_not_given(self, secret, people):
        voter = votes.voices_of(secret, people[0])[0]
        with frozen(DURING):
            said = {"option": secret.options.first().pk}
            assert signed_in(people[1]).post(f"/votes/{secret.key}/cast/{voter.pk}/", said).status_code == 404
        assert secret.ballots.count() == 0


def frozen(at):
    return time_machine.travel(at, tick=False)


@pytest.mark.django_db(transaction=True)
def test_2000_votes_with_double_submissions_and_the_count_beside_them(defaults, town, desk):
    """Every voter sends twice, from eight threads, while the count waits at the door: each once, none lost."""
    crowd = User.objects.bulk_create(
        User(phone=f"135{n:08d}", phone_index=f"voter-{n}", name=f"居民{n}") for n in range(2000)
    )
    homes = [a_home(town.building, str(n)) for n in range(20)]
    Tenure.objects.bulk_create(
        Tenure(home=homes[n % 20], person=person, from_at=MOVED_IN) for n, person in enumerate(crowd)
    )
    topic = adopted(town, desk, "涉及全体居民利益的重要问题", grid=town.community)
    vote = announced(topic, desk, basis="adults", is_secret=True)
    voters = list(vote.voices.values_list("voters", flat=True))
    options = list(vote.options.all())
    given: list[tuple[str, int]] = []
    faults: list[BaseException] = []

    def send(mine):

        try:
            for n, pk in enumerate(mine):
                voter = Voter.objects.select_related("voice__vote").get(pk=pk)
                for _ in range(2):
                    receipt = ballots.new_receipt()
                    try:
                        votes.cast(voter=voter, option=options[n % 3], at=DURING, receipt=receipt)
                        given.append((receipt, n % 3))
                    except votes.AlreadyCast:
                        pass
        except BaseException as fault:  # noqa: BLE001  # shown by the test, not lost in a thread
            faults.append(fault)
        finally:
            connection.close()

    # Two threads hold the same voters: the double tap comes from another process as often as from the same.
    threads = [threading.Thread(target=send, args=(voters[n % 4 :: 4],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    vote = counted(vote)
    assert len(given) == vote.ballots.count() == vote.voices.filter(is_cast=True).count() == 2000
    tally = {number: weight.people for number, weight in votes.given(vote).items()}
    assert tally == {n + 1: sum(option == n for _, option in given) for n in range(3)}
    assert all(votes.is_counted(vote, receipt) for receipt, _ in given[::50])


@pytest.mark.django_db(transaction=True)
def test_the_count_waits_for_a_ballot_that_is_on_its_way(owners_vote, people):
    """A ballot that was taken before the count is in it: else somebody would read 投好了 and not be counted."""
    inside, go = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            cast(owners_vote, people[0])
            inside.set()
            go.wait(5)
        connection.close()

    def count():
        sweep(at=CLOSES)
        connection.close()

    voter, counter = threading.Thread(target=slow), threading.Thread(target=count)
    voter.start()
    inside.wait(5)
    counter.start()
    counter.join(0.3)
    assert counter.is_alive()  # it stands at the urn
    go.set()
    voter.join()
    counter.join()
    assert votes.given(owners_vote)[1].people == 1
