"""A hand under one version of the text: drawn or scanned, void when the text changes, seen on the paper."""

import base64

import pytest
from django.core.exceptions import ValidationError

from disputes.models import Assent, Clause, Party, Signature
from disputes.papers.kinds import papers_of
from disputes.papers.record import Record
from disputes.papers.text import checksum
from disputes.services.agreements import current_agreement
from photos.cleaning import clean
from tests.disputes.conftest import a_signature, draft, meet, sign, take_on
from tests.support.cast import draw, signed_in


def fields(case) -> dict[str, str]:
    case.refresh_from_db()
    return {"version": case.version, "text_sha256": checksum(current_agreement(case))}


def drawn() -> str:
    return "data:image/png;base64," + base64.b64encode(a_signature().read()).decode()


def test_both_sign_and_it_is_in_force(drafted, resident, neighbour):
    for person in (resident, neighbour):
        answer = signed_in(person).post(f"/disputes/{drafted.number}/sign/", {**fields(drafted), "drawn": drawn()})
        assert answer.status_code == 302
    drafted.refresh_from_db()
    assert (drafted.state, drafted.outcome) == ("performing", "settled_written")
    assert Signature.objects.filter(how="drawn").count() == 2
    signature = Signature.objects.first()
    assert signature.picture.startswith(b"\xff\xd8")
    with signature.file.open("rb") as kept:
        assert not kept.read().startswith(b"\xff\xd8"), "sealed on the disk"


def test_without_javascript_a_photo_will_do(drafted, resident):
    posted = {**fields(drafted), "scan": a_signature()}
    assert signed_in(resident).post(f"/disputes/{drafted.number}/sign/", posted).status_code == 302
    assert Signature.objects.get().how == "scan"


@pytest.mark.parametrize(("drawn_words", "words"), [("", "还没有签名"), ("data:image/png;base64,%%", "签名没有传完整"),
                                                    ("data:image/png;base64,aGVsbG8=", "不是照片")])  # fmt: skip
def test_what_is_no_signature_is_told_so(drafted, resident, drawn_words, words):
    posted = {**fields(drafted), "drawn": drawn_words}
    page = signed_in(resident).post(f"/disputes/{drafted.number}/sign/", posted)
    assert words in page.content.decode()
    assert not Assent.objects.exists()


def test_a_text_that_changed_under_the_pen_is_not_signed(drafted, resident):
    posted = {**fields(drafted), "drawn": drawn()}
    clause = Clause.objects.get()
    clause.what = "另一条"
    clause.save()
    page = signed_in(resident).post(f"/disputes/{drafted.number}/sign/", posted)
    assert "协议文本刚刚有改动" in page.content.decode()
    assert not Signature.objects.exists()


def test_a_clause_changed_afterwards_voids_the_signatures(signed, resident, neighbour):
    clause = Clause.objects.get()
    clause.deadline = clause.deadline.replace(day=2)
    clause.save()
    paper = next(paper for paper in papers_of(Record(signed)) if paper.code == "agreement")
    assert [words for words in paper.missing if "签名后协议文本有改动" in words] == [
        "王秀英的签名（签名后协议文本有改动，要重新签）",
        "赵建国的签名（签名后协议文本有改动，要重新签）",
    ]
    hands = [hand for block in paper.sheet.blocks for hand in getattr(block, "hands", ())]
    assert not any(hand.picture for hand in hands)


def test_staff_upload_the_scan_for_a_party(drafted, group_leader):
    party = Party.objects.first()
    drafted.refresh_from_db()
    posted = {"version": drafted.version, "party": party.pk, "how": "spoken", "scan": a_signature()}
    path = f"/cases/{drafted.number}/record_assent/"
    assert "口头确认没有签名" in signed_in(group_leader).post(path, posted).content.decode()
    posted |= {"how": "paper", "scan": a_signature()}
    assert signed_in(group_leader).post(path, posted).status_code == 302
    assert (Signature.objects.get().how, Assent.objects.get().how) == ("scan", "paper")


def test_a_written_agreement_is_not_confirmed_by_a_tap(drafted, resident):
    with pytest.raises(ValidationError, match="书面协议要签名"):
        draw(drafted, "assent", resident)


def test_an_oral_one_is_not_signed(dispute, group_leader, resident, neighbour):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    draft(dispute, group_leader)
    assert signed_in(resident).get(f"/disputes/{dispute.number}/sign/").status_code == 404
    with pytest.raises(ValidationError, match="口头协议不用签名"):
        sign(dispute, resident)


def test_who_said_yes_aloud_signs_later(drafted, group_leader, resident, neighbour):
    for party in Party.objects.all():
        draw(drafted, "record_assent", group_leader, party=party, how="spoken")
    sign(drafted, resident)
    drafted.refresh_from_db()
    assert drafted.state == "performing"
    with pytest.raises(ValidationError, match="已经签过"):
        sign(drafted, resident)


def test_only_a_party_signs_and_only_once(drafted, staff, resident):
    path = f"/disputes/{drafted.number}/sign/"
    for person in staff.values():
        assert signed_in(person).get(path).status_code == 404
    assert signed_in(resident).get(path).status_code == 200
    sign(drafted, resident)
    assert signed_in(resident).get(path).status_code == 404


def test_the_picture_is_written_anew():
    assert b"IHDR" not in clean(a_signature()).content
