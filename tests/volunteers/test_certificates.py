"""志愿服务记录证明: what 民政部令 67 asks for stands in it; anybody verifies it and reads nothing; its number stays in the
file and goes with its owner."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, transaction
from django.test import Client
from pypdf import PdfReader

from accounts.privacy.rights import erase, held
from tests.support.cast import signed_in
from tests.support.pages import NOTICE, inside
from tests.volunteers.cast import VISIT
from volunteers.models import Certificate, CertificateOffice, HoursEntry
from volunteers.services import certificates, hours

AFTER, NEXT_WEEK = VISIT + timedelta(hours=3), VISIT + timedelta(days=7)
ID_NUMBER = "35072519900307001X"
VERIFY = "https://example.org/papers/verify/"


@pytest.fixture
def office(town) -> CertificateOffice:
    return CertificateOffice.objects.create(
        grid=town.community,
        name="政和县熊山街道宜和社区居民委员会",
        head="陈志明",
        clerk="林小燕",
        contact="0599-3320000",
    )


@pytest.fixture
def issued(served, helper, office) -> Certificate:
    return certificates.issue(
        person=helper, at=NEXT_WEEK, verify_url=VERIFY, id_number=ID_NUMBER.lower(), has_agreed=True
    )


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_it_says_all_that_the_order_asks_for(issued, helper):
    pdf = issued.pdf
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / "certificate.pdf").write_bytes(pdf)
    text = text_of(pdf)
    identity = ("吴小红", helper.volunteer.number, "居民身份证", ID_NUMBER)
    service = ("2026年11月25日至2026年12月2日", "累计服务时间2小时", "探访陪伴")
    issuer = ("宜和社区居民委员会", "陈志明", "林小燕", "0599-3320000")
    for words in (*identity, *service, *issuer, issued.code, "2026年12月2日"):
        assert words in text, words
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert (issued.hours, issued.content) == (2, "探访陪伴 1 次 2 小时")


def test_without_the_number_there_is_a_line_to_write_it_on(served, helper, office):
    made = certificates.issue(person=helper, at=NEXT_WEEK, verify_url=VERIFY)
    assert made.number_agreed_at is None
    assert "证件号码" in text_of(made.pdf)


def test_it_is_refused_for_a_reason(served, helper, town):
    common = {"person": helper, "verify_url": VERIFY}
    with pytest.raises(ValidationError, match="公示期满"):
        certificates.issue(**common, at=AFTER)
    with pytest.raises(ValidationError, match="没有登记由谁出具"):
        certificates.issue(**common, at=NEXT_WEEK)
    CertificateOffice.objects.create(grid=town.street, name="街道办", head="陈", clerk="林", contact="0599")
    for number, agreed, field in (("123", True, "id_number"), (ID_NUMBER, False, "has_agreed")):
        with pytest.raises(ValidationError) as refusal:
            certificates.issue(**common, at=NEXT_WEEK, id_number=number, has_agreed=agreed)
        assert field in refusal.value.message_dict
    assert certificates.issue(**common, at=NEXT_WEEK).issuer == "街道办"  # the nearest up the tree


def test_the_nearest_office_certifies(served, helper, office, town):
    CertificateOffice.objects.create(grid=town.street, name="街道办", head="陈", clerk="林", contact="0599")
    assert certificates.office_for(helper, at=NEXT_WEEK) == office
    helper.volunteer.grid = None
    helper.volunteer.save()
    assert certificates.office_for(helper, at=NEXT_WEEK) == office  # by where they served


def test_anybody_verifies_it_and_reads_nothing(issued, worker_at_desk):
    client = Client()
    page = client.get("/papers/verify/", {"number": issued.code.lower()}).content.decode()
    assert "宜和社区居民委员会" in page
    for words in ("吴小红", "吴**", "探访陪伴", ID_NUMBER, "2 小时"):
        assert words not in page
    for content, verdict in ((issued.pdf, "没有改动"), (issued.pdf + b" ", "不一致")):
        posted = {"number": issued.code, "file": SimpleUploadedFile("x.pdf", content)}
        assert verdict in inside(client.post("/papers/verify/", posted), NOTICE)
    alone = {"file": SimpleUploadedFile("x.pdf", issued.pdf)}
    assert "没有改动" in client.post("/papers/verify/", alone).content.decode()
    hours.correct(entry=HoursEntry.objects.get(), hours=1, reason="提前走了", by=worker_at_desk, at=NEXT_WEEK)
    assert "时数作了更正" in client.get("/papers/verify/", {"number": issued.code}).content.decode()


def test_the_file_is_sealed_and_its_owners_alone(issued, helper, neighbour):
    with issued.file.open("rb") as kept:
        assert b"%PDF" not in kept.read()
    url = f"/volunteers/certificates/{issued.code}/"
    assert signed_in(helper).get("/volunteers/certificates/Z%00M/").status_code == 404
    answer = signed_in(helper).get(url)
    assert (answer["Content-Type"], answer.content) == ("application/pdf", issued.pdf)
    assert signed_in(neighbour).get(url).status_code == 404
    assert "/sign-in/" in Client().get(url)["Location"]


def test_what_was_issued_cannot_change(issued):
    for change in ({"sha256": "0"}, {"hours": 200}, {"file": "papers/other"}):
        with pytest.raises(InternalError, match="fixed once issued"), transaction.atomic():
            Certificate.objects.update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        Certificate.objects.all()._raw_delete("default")


def test_it_goes_with_its_owner_and_can_still_be_verified(issued, helper):
    name, storage = issued.file.name, issued.file.storage
    assert any(label == "服务证明" for label, _ in held(helper))
    erase(person=helper, at=NEXT_WEEK)
    assert not storage.exists(name)
    assert Certificate.objects.get().file == ""
    assert "签发" in inside(Client().get("/papers/verify/", {"number": issued.code}), NOTICE)


def test_asking_for_one_on_the_phone(served, helper, office):
    client = signed_in(helper)
    url = "/volunteers/certificates/issue/"
    assert "宜和社区居民委员会" in client.get(url).content.decode()
    typed = {"id_kind": "居民身份证", "id_number": "110", "has_agreed": "on"}
    answer = client.post(url, typed).content.decode()
    assert "身份证号应为 18 位" in answer
    assert 'value="110"' in answer
    assert "还没有公示期满" in client.post(url, {"id_kind": "居民身份证"}).content.decode()
