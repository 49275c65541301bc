"""What is held about a party is their own side only; erasing it leaves the other side's file whole until its keeping ends."""

from datetime import timedelta

import pytest

from accounts.privacy import rights
from cases.models import Case
from disputes.models import Agreement, Clause, Dispute, Exhibit, Party, PrivateNote, Signature
from disputes.privacy import KEEPINGS
from disputes.services import papers
from disputes.services.talks import say_privately
from papers.issued import verify
from photos.cleaning import clean
from tests.disputes.experts.panel import a_photo
from tests.support.cast import MONDAY


@pytest.fixture
def closed(signed, resident, group_leader) -> Case:
    mine = Party.objects.get(person=resident)
    say_privately(case=signed, party=mine, by=resident, at=MONDAY, words="我可以让一步")
    papers.issue(case=signed, code="agreement", by=group_leader, at=MONDAY, verify_url="/")
    papers.add_exhibits(
        case=signed, entry=Exhibit.Entry.IDENTITY, photos=[clean(a_photo())], by=group_leader, at=MONDAY
    )
    Case.objects.filter(pk=signed.pk).update(state="archived", closed_at=MONDAY)
    return signed


def test_each_side_sees_its_own(closed, resident, neighbour):
    assert "我可以让一步" in str(dict(rights.held(resident)))
    assert "我可以让一步" not in str(dict(rights.held(neighbour)))
    assert neighbour.name not in str(dict(rights.held(resident))["矛盾纠纷"])


def test_erasure_unlinks_a_party_and_keeps_the_file(closed, resident, neighbour):
    mine = Party.objects.get(person=resident)
    rights.erase(person=resident, at=MONDAY)
    mine.refresh_from_db()
    assert (mine.name, mine.phone, mine.address, mine.person) == ("已注销", "", "", None)
    assert not PrivateNote.objects.exists()
    assert Agreement.objects.get().facts == "空调水滴到楼下"
    assert Signature.objects.count() == 2
    assert Party.objects.get(person=neighbour).name == "赵建国"


def test_after_its_keeping_the_words_go_and_the_number_can_be_verified(closed):
    written, other = KEEPINGS
    later = MONDAY + timedelta(days=4000)
    assert other.clear(later, later) == 0
    assert written.clear(later, later) == 1
    assert written.clear(later, later) == 0, "once"
    assert Dispute.objects.get().summary == ""
    assert "空调" not in Clause.objects.get().what
    assert not Signature.objects.exists()
    assert not Exhibit.objects.exists()
    paper = closed.dispute.papers.get()
    assert not paper.file
    assert verify(number=paper.number) is not None
