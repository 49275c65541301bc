"""线上问诊: the thread, who reads it, closing, rating, going over to mediation, erasing."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from accounts.privacy import rights
from accounts.privacy.holdings import KEEPINGS
from cases.engine.turns import ArrowRefused
from cases.escalation import sweep
from cases.models import Case
from disputes.experts.services import referral
from disputes.experts.services.threads import check_paper, consultation_for, say
from disputes.models import Consultation, Dispute, Message, MessageFile, Proposal, Side, Source
from disputes.models.dispute import DisputeType
from disputes.services.opening import PartySaid, Spot
from grids.posts.services import vacate
from tests.disputes.experts.panel import THURSDAY, a_photo, booked, enlisted, slot_of
from tests.disputes.experts.test_booking import told
from tests.support.cast import MONDAY, draw, signed_in, whole_database

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def thread(case: Case) -> str:
    return f"/consultations/{case.number}/"


def test_text_picture_and_pdf_reach_the_other_side(talking, resident, lawyer):
    posted = {"words": "押金两千元", "photos": [a_photo()], "papers": [SimpleUploadedFile("合同.pdf", PDF)]}
    assert signed_in(resident).post(thread(talking), posted).status_code == 302
    assert "给您留了言" in told(lawyer.person)
    assert "押金" not in told(lawyer.person)
    client = signed_in(lawyer.person)
    page = client.get(thread(talking)).content.decode()
    assert "押金两千元" in page
    assert "下载 合同.pdf" in page
    photo, paper = MessageFile.objects.order_by("pk")
    assert client.get(f"{thread(talking)}files/{photo.token}/thumbnail/")["Content-Type"] == "image/jpeg"
    answer = client.get(f"{thread(talking)}files/{paper.token}/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == PDF
    assert client.get(f"{thread(talking)}files/{paper.token}/thumbnail/").status_code == 404


def test_the_words_stand_encrypted(talking, resident, lawyer):
    say(case=talking, by=resident, at=THURSDAY, words="押金两千元的事")
    stored = whole_database()
    assert "押金两千元" not in stored
    assert "房东不退押金" not in stored


def test_nobody_else_reads_it(talking, resident, staff, neighbour, second_lawyer, mediator, police):
    say(case=talking, by=resident, at=THURSDAY, words="押金", photos=())
    for person in (*staff.values(), neighbour, second_lawyer.person, mediator, police):
        client = signed_in(person)
        for path in (
            thread(talking),
            talking.get_absolute_url(),
            f"/api/v1/cases/{talking.number}/",
            f"{thread(talking)}mediation/",
        ):
            assert client.get(path).status_code == 404, (person.name, path)
        with pytest.raises(Http404):
            consultation_for(person, talking.number, at=THURSDAY)


def test_another_expert_at_the_same_node_does_not_stand_in(talking, second_lawyer):
    assert not Case.objects.visible_to(second_lawyer.person).exists()
    assert not Case.objects.held_by(second_lawyer.person).exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("合同.pdf", b"PK\x03\x04 no pdf", "不是 PDF"),
        ("合同.pdf", b"<html>%PDF-1.4", "不是 PDF"),
        ("合同.pdf", b"%PDF-1.4 broken off", "没有传完整"),
        ("大.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024 + 1), "超过 10 MB"),
    ],
)
def test_files_are_judged_by_their_bytes(name, content, words):
    with pytest.raises(ValidationError, match=words):
        check_paper(SimpleUploadedFile(name, content))


def test_a_refused_file_keeps_what_was_typed(talking, resident):
    posted = {"words": "请看合同", "papers": [SimpleUploadedFile("病毒.pdf", b"MZ")]}
    page = signed_in(resident).post(thread(talking), posted).content.decode()
    assert "不是 PDF" in page
    assert "请看合同</textarea>" in page
    assert not Message.objects.exists()


@pytest.mark.parametrize(("words", "refusal"), [(" ", "请写下"), ("长" * 2001, "您写了 2001 字")])
def test_empty_and_endless_messages_are_refused(talking, resident, words, refusal):
    with pytest.raises(ValidationError, match=refusal):
        say(case=talking, by=resident, at=THURSDAY, words=words)


def test_nothing_is_said_before_it_is_accepted_or_after_it_is_over(consultation, lawyer, resident):
    with pytest.raises(ValidationError, match="不能留言"):
        say(case=consultation, by=resident, at=MONDAY, words="在吗")
    draw(consultation, "accept", lawyer.person)
    say(case=consultation, by=resident, at=MONDAY, words="在吗")
    draw(consultation, "hold", lawyer.person, at=THURSDAY)
    draw(consultation, "finish", resident, at=THURSDAY)
    with pytest.raises(ValidationError, match="不能留言"):
        say(case=consultation, by=resident, at=THURSDAY, words="还在吗")


def test_the_page_asks_again_for_the_thread_alone(talking, resident):
    page = signed_in(resident).get(thread(talking), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page


def test_it_does_not_begin_before_its_time(consultation, lawyer):
    draw(consultation, "accept", lawyer.person)
    with pytest.raises(ArrowRefused, match="还没到"):
        draw(consultation, "hold", lawyer.person)


def test_talked_but_not_written_down_counts_as_held(consultation, lawyer, resident):
    draw(consultation, "accept", lawyer.person)
    say(case=consultation, by=resident, at=THURSDAY, words="您好")
    say(case=consultation, by=lawyer.person, at=THURSDAY, words="您好，请说")
    sweep(at=consultation.due_at)
    sweep(at=consultation.due_at)
    consultation.refresh_from_db()
    assert consultation.state == "talking"


def test_another_appointment_on_the_same_thread(talking, lawyer, resident):
    draw(talking, "again", lawyer.person, at=THURSDAY, slot=slot_of(lawyer, THURSDAY.replace(day=30)))
    assert talking.state == "agreed"
    assert "又约了一次" in told(resident)
    say(case=talking, by=resident, at=THURSDAY, words="好的")


@pytest.mark.parametrize("who", ["resident", "lawyer"])
def test_either_ends_it_and_the_resident_rates(talking, lawyer, resident, who):
    draw(talking, "finish", resident if who == "resident" else lawyer.person, at=THURSDAY)
    assert (talking.state, talking.outcome) == ("rating", "held")
    draw(talking, "rate", resident, "", at=THURSDAY, score=5, advice="讲得明白")
    consultation = Consultation.objects.get()
    assert (talking.state, consultation.score, consultation.advice) == ("archived", 5, "讲得明白")
    with pytest.raises(ArrowRefused):
        draw(talking, "rate", resident, at=THURSDAY, score=1)
    assert "讲得明白" in signed_in(lawyer.person).get(talking.get_absolute_url()).content.decode()


def test_the_expert_does_not_rate(talking, lawyer, resident, neighbour):
    draw(talking, "finish", resident, at=THURSDAY)
    for person in (lawyer.person, neighbour):
        with pytest.raises(ArrowRefused):
            draw(talking, "rate", person, at=THURSDAY, score=5)


def test_left_alone_it_ends_by_itself(talking):
    for _ in range(3):
        talking.refresh_from_db()
        sweep(at=talking.due_at)
        sweep(at=talking.due_at)
        talking.refresh_from_db()
        if not talking.is_open:
            break
    assert (talking.state, talking.outcome) == ("archived", "held")


def test_an_expert_who_leaves_takes_no_thread_along_and_hands_none_on(talking, lawyer, resident, worker_at_desk):
    say(case=talking, by=resident, at=THURSDAY, words="押金")
    vacate(post=lawyer.person.posts.get(), at=THURSDAY)
    talking.refresh_from_db()
    assert (talking.state, talking.holder.person) == ("rating", worker_at_desk)
    assert signed_in(worker_at_desk).get(thread(talking)).status_code == 404


@pytest.fixture
def proposed(talking, lawyer) -> Case:
    draw(talking, "propose", lawyer.person, at=THURSDAY, type=DisputeType.objects.get(code="0602"))
    return talking


def agreed(case: Case, resident, town, summary: str = "房东不退押金") -> Case:
    other = PartySaid(Side.RESPONDENT, name="房东老吴")
    parties = [PartySaid(Side.APPLICANT, person=resident), other]
    return referral.agree(
        case=case, by=resident, at=THURSDAY, summary=summary, parties=parties, spot=Spot.of(town.estate)
    )


def test_it_becomes_a_mediation_with_the_residents_consent(proposed, resident, lawyer, town, group_leader):
    assert "要您同意" in told(resident)
    say(case=proposed, by=resident, at=THURSDAY, words="他还骂过我")
    client = signed_in(resident)
    assert "房东不退押金怎么办" in client.get(f"{thread(proposed)}mediation/").content.decode()
    posted = {
        "place": town.estate.pk,
        "building": town.building.pk,
        "summary": "房东不退押金 2000 元",
        "other_name": "房东老吴",
    }
    done = client.post(f"{thread(proposed)}mediation/", posted)
    dispute = Dispute.objects.get()
    assert done["Location"] == dispute.case.get_absolute_url()
    assert (dispute.type.code, dispute.summary, dispute.source) == ("0602", "房东不退押金 2000 元", Source.PARTY)
    assert Proposal.objects.get().dispute == dispute.case
    assert dispute.case.number in client.get(proposed.get_absolute_url()).content.decode()
    assert (
        proposed.number
        not in signed_in(dispute.case.holder.person).get(dispute.case.get_absolute_url()).content.decode()
    )
    assert "同意" in told(lawyer.person)


def test_agreed_twice_is_one_dispute(proposed, resident, town):
    agreed(proposed, resident, town)
    with pytest.raises(ValidationError):
        agreed(proposed, resident, town)
    assert Dispute.objects.count() == 1


def test_without_consent_there_is_no_dispute(proposed, resident, lawyer, town):
    with pytest.raises(ArrowRefused):
        agreed(proposed, lawyer.person, town)
    with pytest.raises(ArrowRefused, match="正在等答复"):
        draw(proposed, "propose", lawyer.person, at=THURSDAY, type=DisputeType.objects.get(code="0602"))
    draw(proposed, "refuse_mediation", resident, at=THURSDAY)
    with pytest.raises(ValidationError, match="已经答复过"):
        agreed(proposed, resident, town)
    assert not Dispute.objects.exists()
    assert signed_in(resident).get(f"{thread(proposed)}mediation/").status_code == 404


def test_a_summary_that_is_missing_is_said_at_the_field(proposed, resident, town):
    posted = {"place": town.estate.pk, "building": town.building.pk, "summary": "", "other_name": "房东老吴"}
    page = signed_in(resident).post(f"{thread(proposed)}mediation/", posted).content.decode()
    assert "请说说是什么纠纷" in page
    assert "房东老吴" in page


def test_what_was_told_a_psychologist_is_never_offered_to_be_copied(lawyer, town, resident):
    expert = enlisted("何心理", 4, town, field="心理疏导", kind="psychologist")
    case = booked(slot_of(expert), resident, town.community, key="psy", matter="睡不着，怕他")
    draw(case, "accept", expert.person)
    draw(case, "hold", expert.person, at=THURSDAY)
    draw(case, "propose", expert.person, at=THURSDAY, type=DisputeType.objects.get(code="0101"))
    assert "睡不着" not in signed_in(resident).get(f"{thread(case)}mediation/").content.decode()


def on_disk() -> set[str]:
    return {str(path) for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def test_a_copy_of_all_that_is_held_and_forgetting_it(talking, resident, lawyer, django_capture_on_commit_callbacks):
    say(case=talking, by=resident, at=THURSDAY, words="押金两千元", photos=())
    signed_in(resident).post(thread(talking), {"words": "照片", "photos": [a_photo()]})
    held = dict(rights.held(resident))
    assert held["找专家的预约"][0]["想问什么"] == "房东不退押金怎么办"
    assert [row["您写的"] for row in held["问诊里写的话"]] == ["押金两千元", "照片"]
    assert len(on_disk()) == 2, "picture and thumbnail"
    with django_capture_on_commit_callbacks(execute=True):
        rights.erase(person=resident, at=THURSDAY)
    talking.refresh_from_db()
    assert talking.state == "rating"
    assert {message.words for message in Message.objects.all()} == {""}
    assert Consultation.objects.get().matter == ""
    assert not MessageFile.objects.exists()
    assert on_disk() == set()


def test_after_its_keeping_the_words_and_the_files_go(talking, resident, django_capture_on_commit_callbacks):
    posted = {"words": "合同在这里", "photos": [a_photo()], "papers": [SimpleUploadedFile("合同.pdf", PDF)]}
    signed_in(resident).post(thread(talking), posted)
    draw(talking, "finish", resident, at=THURSDAY)
    draw(talking, "archive", None, at=THURSDAY)
    (keeping,) = (keeping for keeping in KEEPINGS if keeping.code == "consultation_words")
    for days, left in ((keeping.days - 1, 3), (keeping.days + 1, 0)):
        with django_capture_on_commit_callbacks(execute=True):
            rights.run_retention(at=THURSDAY + timedelta(days=days))
        assert len(on_disk()) == left
    assert {message.words for message in Message.objects.all()} == {""}


def test_erasing_cancels_what_has_not_begun(consultation, resident):
    rights.erase(person=resident, at=MONDAY)
    consultation.refresh_from_db()
    assert (consultation.state, consultation.outcome) == ("archived", "cancelled")
    assert Consultation.objects.get().matter == ""
