"""A secret ballot cannot be joined to its voter by whoever reads all there is on the server; its voter can check that it
was counted; and what holds when all vote at once."""

import threading

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cases.engine.turns import ArrowRefused
from cases.escalation import sweep
from meetings.models import Ballot, Receipt, SealedBallot, Tenure, Vote, Voter
from meetings.votes import ballots, counts, urn
from meetings.votes import services as votes
from tests.meetings import insider
from tests.meetings.neighbours import (
    CLOSES,
    DURING,
    MOVED_IN,
    SLIPS,
    URN,
    a_home,
    adopted,
    announced,
    cast,
    draw,
    opened,
)
from tests.support.cast import signed_in, whole_database

CHOICES = ("同意", "不同意", "弃权")


def all_voted(secret: Vote, people: list[User], choices: tuple[str, ...] = CHOICES) -> dict[str, User]:
    """Receipt -> whose it is."""
    receipts = {ballots.new_receipt(): person for person in people}
    for number, (receipt, person) in enumerate(receipts.items()):
        cast(secret, person, choices[number % len(choices)], receipt=receipt)
    return receipts


def closed(secret: Vote) -> Vote:
    sweep(at=CLOSES)
    secret.refresh_from_db()
    return secret


def counted(secret: Vote, desk: User) -> Vote:
    return opened(closed(secret), desk)


class TestInsider:
    """Who has the database, every key of the server and all the time there is."""

    def test_before_the_count_no_transaction_names_a_choice(self, secret, people):
        """A voice and its paper are written by one transaction, or a ballot could be lost: what it names must be sealed."""
        receipts = all_voted(secret, people)
        rows = insider.every_row()
        cast_by = {row.columns["id"]: row.xmin for row in rows if row.table == "meetings_voice"}
        linked = []
        for row in [row for row in rows if row.table == "meetings_voter"]:
            same = [other for other in rows if other.xmin == cast_by[row.columns["voice_id"]]]
            assert "meetings_sealedballot" in {other.table for other in same}
            papers = " ".join(other.readable for other in same)
            linked += [row.columns["person_id"] for receipt in receipts if receipt in papers]
        assert not linked
        everything = "".join(row.readable for row in rows)
        assert not [receipt for receipt in receipts if receipt in everything]
        assert not Ballot.objects.exists()

    def test_papers_are_of_one_length(self, secret, people):
        all_voted(secret, people)
        assert len({len(paper) for paper in secret.papers.values_list("paper", flat=True)}) == 1

    def world(self, secret, people, desk, choices):
        """What there is to see before the count and after it, when they choose so; then all of it is taken back."""
        with transaction.atomic():
            for number, person in enumerate(people):
                cast(secret, person, choices[number], receipt=f"7K3M-9QXT-{number + 2222}")
            before = insider.picture()
            counted(secret, desk)
            after = insider.picture("meetings_")
            transaction.set_rollback(True)
        return before, after

    def test_who_chose_what_changes_nothing_there_is_to_see(self, secret, people, desk, monkeypatch):
        """The same choices by other people: rows, their order, who wrote them with what, all are the same. Chance, which
        hides the order, is made to give one and the same."""
        monkeypatch.setattr(counts.secrets.SystemRandom, "shuffle", lambda self, things: things.sort(key=str))
        first = self.world(secret, people, desk, ["同意", "不同意", "弃权", "同意", "同意", "弃权"])
        other = self.world(secret, people, desk, ["弃权", "同意", "同意", "弃权", "不同意", "同意"])
        assert first[0] == other[0]
        assert first[1] == other[1]
        written = [readable for table, _, readable in first[1] if table == "meetings_ballot"]
        assert len(written) == len(people)

    def test_no_statement_names_a_choice(self, secret, people):
        """They stand in pg_stat_activity, and in the log of a server that is told to keep them."""
        statements = []
        with time_machine.travel(DURING, tick=False):
            client = signed_in(people[0])
            path = f"/votes/{secret.key}/cast/{votes.voices_of(secret, people[0])[0].pk}/"
            client.get(secret.get_absolute_url())
            for option in secret.options.all():
                with transaction.atomic(), CaptureQueriesContext(connection) as captured:
                    assert client.post(path, {"option": option.pk}).status_code == 302
                    assert secret.papers.count() == 1
                    transaction.set_rollback(True)
                statements.append([insider.without_chance(query["sql"]) for query in captured])
        assert statements[0] == statements[1] == statements[2]

    def test_when_the_slips_come_the_papers_tell_no_order(self, secret, people, monkeypatch):
        """Closed, the urn is mixed before anybody can open it: one transaction has written all, by chance alone in this
        order."""
        all_voted(secret, people)
        papers = [bytes(paper) for paper in SealedBallot.objects.order_by("pk").values_list("paper", flat=True)]
        monkeypatch.setattr(
            counts.secrets.SystemRandom, "shuffle", lambda self, things: things.sort(key=lambda of: bytes(of[1]))
        )
        closed(secret)
        assert counts.mix_urns(at=CLOSES)
        rows = insider.every_row("meetings_sealedballot")
        assert [bytes.fromhex(row.columns["paper"][2:]) for row in rows] == sorted(papers)
        assert len({row.xmin for row in rows}) == 1
        assert not {row.xmin for row in rows} & {row.xmin for row in insider.every_row("meetings_voice")}

    def test_the_order_of_the_count_is_chance(self, secret, people, desk, monkeypatch):
        """The shuffle is asked for options and receipts apart, and what it says is what is written."""
        receipts = all_voted(secret, people)
        closed(secret)
        counts.mix_urns(at=CLOSES)
        shuffled = []
        monkeypatch.setattr(
            counts.secrets.SystemRandom,
            "shuffle",
            lambda self, things: (things.sort(key=str), shuffled.append(list(things))),
        )
        opened(secret, desk)
        options, kept = shuffled
        words = {option.pk: option.words for option in secret.options.all()}
        rows = insider.every_row("meetings_ballot")
        assert [words[row.columns["option_id"]] for row in rows] == sorted(option.words for option in options)
        assert kept == sorted(receipts)
        hashes = [row.columns["index"] for row in insider.every_row("meetings_receipt")]
        assert hashes == [counts._index(secret, receipt) for receipt in kept]

    def test_after_the_count_option_receipt_and_voter_have_the_vote_in_common_and_no_more(self, secret, people, desk):
        receipts = all_voted(secret, people)
        vote = counted(secret, desk)
        cast_voices = vote.voices.filter(is_cast=True).count()
        assert vote.ballots.count() == vote.receipts.count() == cast_voices == len(people)
        assert {field.name for field in Receipt._meta.concrete_fields} == {"id", "vote", "index"}
        assert set(vote.ballots.values_list("voice", "entered_by")) == {(None, None)}
        dump = whole_database()
        assert not [receipt for receipt in receipts if receipt in dump]

    @pytest.mark.django_db(transaction=True)
    def test_no_paper_is_left_in_the_file_once_it_is_counted(self, secret, people, desk):
        """Deleted rows stay in a table's file with the transaction that wrote them, until it is written anew."""
        all_voted(secret, people)
        papers = [bytes(paper) for paper in secret.papers.values_list("paper", flat=True)]
        assert all(paper in insider.files_of("meetings_sealedballot") for paper in papers)
        counted(secret, desk)
        assert any(paper in insider.files_of("meetings_sealedballot") for paper in papers)
        assert counts.mix_urns(at=CLOSES)
        content = insider.files_of("meetings_sealedballot")
        assert not [paper for paper in papers if paper in content]

    @pytest.mark.django_db(transaction=True)
    def test_nor_of_a_vote_that_was_voided_while_those_of_another_stay(self, secret, people, town, desk):
        topic = adopted(town, desk, "涉及全体居民利益的重要问题", grid=town.community, title="关灯时间")
        other = announced(topic, desk, basis="adults", **URN)
        cast(other, people[0], receipt=ballots.new_receipt())
        (kept,) = other.papers.values_list("paper", flat=True)
        all_voted(secret, people)
        papers = [bytes(paper) for paper in secret.papers.values_list("paper", flat=True)]
        draw(secret.topic, "void", desk, "名册漏了一户", at=DURING)
        assert counts.mix_urns(at=DURING)
        content = insider.files_of("meetings_sealedballot")
        assert not [paper for paper in papers if paper in content]
        assert bytes(kept) in content
        assert bytes(other.papers.get().paper) == bytes(kept)


class TestOpening:
    def test_at_its_end_it_waits_for_its_witnesses(self, secret, people):
        all_voted(secret, people)
        vote = closed(secret)
        assert (vote.topic.case.state, vote.counted_at) == ("unopened", None)
        assert vote.topic.case.due_at
        with pytest.raises(ArrowRefused, match="等监票人开箱"):
            cast(secret, people[0], receipt=ballots.new_receipt(), at=DURING)

    @pytest.mark.parametrize("pair", [(0, 1), (1, 2), (2, 0)])
    def test_any_two_open_it(self, secret, people, desk, pair):
        all_voted(secret, people)
        closed(secret)
        vote = opened(secret, desk, with_slips=[SLIPS[number] for number in pair])
        assert {number: weight.people for number, weight in counts.given(vote).items()} == {1: 2, 2: 2, 3: 2}
        assert vote.topic.case.state == "undecided"

    def test_slips_of_another_urn_open_nothing(self, secret, people, desk):
        all_voted(secret, people)
        closed(secret)
        _, others = urn.cut_keys()
        with pytest.raises(ValidationError) as refused:
            opened(secret, desk, with_slips=[SLIPS[0], others[1]])
        assert "second_slip" in refused.value.message_dict
        secret.refresh_from_db()
        assert (secret.counted_at, secret.papers.count()) == (None, len(people))
        opened(secret, desk)

    def test_neither_before_its_end_nor_twice_nor_by_others(self, secret, people, desk, staff):
        all_voted(secret, people)
        with pytest.raises(ArrowRefused, match="表决中"):
            opened(secret, desk, at=DURING)
        closed(secret)
        with pytest.raises(ArrowRefused, match="开箱计票"):
            opened(secret, staff["other_cadre"])
        opened(secret, desk)
        with pytest.raises(ArrowRefused, match="不能做这一步"):
            opened(secret, desk)
        assert secret.ballots.count() == len(people)

    @pytest.mark.parametrize(
        ("tamper", "words"),
        [
            (lambda papers: papers.first().delete(), "名册上投了 6 票，票箱里有 5 张"),
            (
                lambda papers: papers.bulk_create([SealedBallot(vote=papers[0].vote, paper=papers[0].paper)]),
                "票箱里有 7 张",
            ),
            (lambda papers: papers.filter(pk=papers.first().pk).update(paper=papers.last().paper), "对不上"),
            (lambda papers: papers.filter(pk=papers.first().pk).update(paper=b"x" * 74), "打不开"),
        ],
    )
    def test_an_urn_that_was_tampered_with_is_not_counted(self, secret, people, desk, tamper, words):
        all_voted(secret, people)
        closed(secret)
        tamper(secret.papers.order_by("pk"))
        with pytest.raises(ArrowRefused, match=words):
            opened(secret, desk)
        secret.refresh_from_db()
        assert (secret.counted_at, secret.ballots.count()) == (None, 0)
        draw(secret.topic, "void", desk, "票箱里的票对不上", at=CLOSES)

    def test_one_nobody_opens_is_reported_and_can_be_voided(self, secret, people, desk, staff):
        all_voted(secret, people)
        case = closed(secret).topic.case
        sweep(at=case.due_at)
        sweep(at=case.due_at)
        case.refresh_from_db()
        assert case.was_late
        draw(secret.topic, "void", desk, "丢了两张钥匙", at=case.due_at)
        assert (secret.topic.case.state, SealedBallot.objects.count()) == ("discussing", 0)


class TestReceipts:
    def test_a_voter_can_check_that_theirs_was_counted(self, secret, people, desk):
        receipts = all_voted(secret, people)
        vote = counted(secret, desk)
        assert all(counts.is_counted(vote, receipt) for receipt in receipts)
        typed = next(iter(receipts)).replace("-", " ").lower()
        assert counts.is_counted(vote, typed)
        assert not counts.is_counted(vote, ballots.new_receipt())
        with pytest.raises(ValidationError, match="回执号"):
            counts.is_counted(vote, "123")

    def test_on_the_page_a_second_tap_shows_the_same_receipt(self, secret, people, desk):
        with time_machine.travel(DURING, tick=False):
            client = signed_in(people[0])
            page = client.get(secret.get_absolute_url()).content.decode()
            receipt = client.get(secret.get_absolute_url()).context["receipt"]
            assert receipt in page
            voter = votes.voices_of(secret, people[0])[0]
            chosen = {"option": secret.options.get(words="同意").pk}
            path = f"/votes/{secret.key}/cast/{voter.pk}/"
            first, second = client.post(path, chosen, follow=True), client.post(path, chosen, follow=True)
            assert f"回执号 {receipt}" in first.content.decode()
            assert "已经投过" in second.content.decode()
            assert receipt in second.content.decode()
        assert secret.papers.count() == 1
        assert counts.is_counted(counted(secret, desk), receipt)

    def test_another_persons_voice_is_not_given(self, secret, people):
        voter = votes.voices_of(secret, people[0])[0]
        with time_machine.travel(DURING, tick=False):
            chosen = {"option": secret.options.first().pk}
            assert signed_in(people[1]).post(f"/votes/{secret.key}/cast/{voter.pk}/", chosen).status_code == 404
        assert secret.papers.count() == 0


@pytest.mark.django_db(transaction=True)
def test_2000_votes_with_double_submissions_and_the_count_beside_them(defaults, town, desk):
    """Every voter sends twice, from eight threads, while the urn of another vote is mixed: each once, none lost."""
    crowd = User.objects.bulk_create(
        User(phone=f"135{n:08d}", phone_index=f"voter-{n}", name=f"居民{n}") for n in range(2000)
    )
    homes = [a_home(town.building, str(n)) for n in range(20)]
    Tenure.objects.bulk_create(
        Tenure(home=homes[n % 20], person=person, from_at=MOVED_IN) for n, person in enumerate(crowd)
    )
    topic = adopted(town, desk, "涉及全体居民利益的重要问题", grid=town.community)
    vote = announced(topic, desk, basis="adults", **URN)
    voters = list(vote.voices.values_list("voters", flat=True))
    options = list(vote.options.all())
    given: list[tuple[str, int]] = []
    faults: list[BaseException] = []
    is_over = threading.Event()

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

    def mix():
        try:
            while not is_over.wait(0.5):
                Vote.objects.filter(pk=vote.pk).update(needs_mixing=True)
                counts.mix_urns(at=DURING)
        except BaseException as fault:  # noqa: BLE001
            faults.append(fault)
        finally:
            connection.close()

    # Two threads hold the same voters: the double tap comes from another process as often as from the same.
    threads = [threading.Thread(target=send, args=(voters[n % 4 :: 4],)) for n in range(8)]
    mixer = threading.Thread(target=mix)
    for thread in [*threads, mixer]:
        thread.start()
    for thread in threads:
        thread.join()
    is_over.set()
    mixer.join()
    assert not faults
    vote = counted(vote, desk)
    assert len(given) == vote.ballots.count() == vote.voices.filter(is_cast=True).count() == 2000
    tally = {number: weight.people for number, weight in counts.given(vote).items()}
    assert tally == {n + 1: sum(option == n for _, option in given) for n in range(3)}
    assert all(counts.is_counted(vote, receipt) for receipt, _ in given[::50])


@pytest.mark.django_db(transaction=True)
def test_mixing_does_not_wait_for_ever_for_the_table(secret, people):
    """A backup reads all tables for as long as it takes; meanwhile people vote, and mixing is tried again."""
    all_voted(secret, people)
    closed(secret)
    inside, go = threading.Event(), threading.Event()

    def back_up():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE meetings_sealedballot IN ACCESS SHARE MODE")
            inside.set()
            go.wait(20)
        connection.close()

    backup = threading.Thread(target=back_up)
    backup.start()
    inside.wait(5)
    assert not counts.mix_urns(at=CLOSES)
    secret.refresh_from_db()
    assert secret.needs_mixing
    go.set()
    backup.join()
    assert counts.mix_urns(at=CLOSES)
    assert secret.papers.count() == len(people)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("which", ["owners_vote", "secret"])
def test_the_end_waits_for_a_ballot_that_is_on_its_way(which, request, people, desk):
    """A ballot that was taken before the end is in it: else somebody would read 投好了 and not be counted."""
    vote = request.getfixturevalue(which)
    inside, go = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            cast(vote, people[0], receipt=ballots.new_receipt())
            inside.set()
            go.wait(5)
        connection.close()

    def end():
        sweep(at=CLOSES)
        connection.close()

    voter, counter = threading.Thread(target=slow), threading.Thread(target=end)
    voter.start()
    inside.wait(5)
    counter.start()
    counter.join(0.3)
    assert counter.is_alive()  # it stands at the urn
    go.set()
    voter.join()
    counter.join()
    if vote.is_secret:
        opened(vote, desk)
    assert counts.given(vote)[1].people == 1
