"""Photos on pages of disputes: a talk with an expert, the file, signatures by party and mediator, an expert's portrait."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from disputes.models import Exhibit, Expert, Message, MessageFile, Party, Signature
from disputes.papers.text import checksum
from disputes.services.agreements import current_agreement
from tests.disputes.experts.test_consultation import PDF
from tests.disputes.papers.test_signatures import drawn
from tests.photos.no_room import SENTENCE, Field, says_that_there_is_no_room, takes_a_strip
from tests.photos.pictures import picture
from tests.support.cast import signed_in


@pytest.fixture
def thread(talking, resident):
    url, posted = f"/consultations/{talking.number}/", {"words": "押金两千元"}
    return Field(signed_in(resident), url, lambda: posted, MessageFile.objects.count, typed=posted)


@pytest.fixture
def exhibits(signed, group_leader):
    return Field(
        signed_in(group_leader),
        f"/disputes/{signed.number}/papers/",
        lambda: {"entry": "evidence"},
        Exhibit.objects.count,
        is_needed=True,
        typed={"entry": "evidence"},
    )


@pytest.fixture
def signing(drafted, resident):
    drafted.refresh_from_db()
    posted = {"version": drafted.version, "text_sha256": checksum(current_agreement(drafted))}
    url = f"/disputes/{drafted.number}/sign/"
    return Field(signed_in(resident), url, lambda: posted, Signature.objects.count, name="scan", is_needed=True)


@pytest.fixture
def recording(drafted, group_leader):
    drafted.refresh_from_db()
    posted = {"version": drafted.version, "party": Party.objects.first().pk, "how": "paper"}
    url = f"/cases/{drafted.number}/record_assent/"
    client = signed_in(group_leader)
    return Field(client, url, lambda: posted, Signature.objects.count, name="scan", typed={"how": "paper"})


@pytest.fixture
def portrait(lawyer, street_cadre):
    url = reverse("admin:disputes_expert_change_photo", args=[lawyer.pk])
    return Field(
        signed_in(street_cadre), url, dict, Expert.objects.exclude(photo="").count, name="photo", is_needed=True
    )


@pytest.fixture(params=["thread", "exhibits", "signing", "recording", "portrait"])
def field(request):
    return request.getfixturevalue(request.param)


def test_a_strip_is_taken(field):
    if field.name == "photos":
        takes_a_strip(field)
    else:
        assert field.post(picture(size=(1, 700))).status_code == 302
        assert field.kept() >= 1


def test_no_room_for_photos_is_said_and_the_words_are_kept(field, settings, no_room):
    says_that_there_is_no_room(field, settings.MEDIA_ROOT)


def test_a_signature_drawn_on_the_phone_says_so_too(signing, no_room):
    answer = signing.client.post(signing.url, {**signing.posted(), "drawn": drawn()})
    (error,) = answer.context["form"].errors["scan"]
    assert error.startswith(f"{SENTENCE}签名")
    assert not Signature.objects.exists()


def test_a_paper_in_a_talk_says_so_at_its_own_field(thread, no_room):
    answer = thread.client.post(thread.url, {"words": "合同", "papers": [SimpleUploadedFile("合同.pdf", PDF)]})
    (error,) = answer.context["form"].errors["papers"]
    assert error.startswith(f"{SENTENCE}文件")
    assert not Message.objects.exists()
