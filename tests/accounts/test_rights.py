"""What a person may do about what is held of them: see, correct, copy, agree and take back, leave; and what goes by itself."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts import audit, demonstration
from accounts.models import AuditLine, Consent, DataCopy, Device, Purpose, RetentionPeriod, User
from accounts.privacy import rights
from accounts.privacy.holdings import HOLDINGS, KEEPINGS
from accounts.sign_in import consents
from accounts.sign_in.joining import newcomer, register_resident
from cases.models import Attachment, Case, CaseEvent, Rating
from cases.services import route
from grids.models import Building
from grids.posts.services import appoint
from grids.rights.jurisdiction import may
from notices.models import Notice
from notices.services import News, notify
from photos.cleaning import Photo
from residents.models import Request
from residents.services import Place, submit_request
from tests.support.at_once import crossing
from tests.support.cast import MONDAY, audit_problems, draw, readable_in_a_dump, signed_in, submit, whole_database
from tests.support.heard import heard
from tests.support.pages import value
from tests.support.senders import shown_code

WORDS = "三单元的灯不亮，我是朱秀兰，电话 13900008888"


def photo(sha256: str = "a" * 64) -> Photo:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    return Photo(content=out.getvalue(), thumbnail=out.getvalue(), width=8, height=8, sha256=sha256)


@pytest.fixture
def zhu(db) -> User:
    return register_resident(phone="13900008888", name="朱秀兰", at=MONDAY)


@pytest.fixture
def closed(zhu, defaults, town, staff) -> Case:
    """A whole loop of hers: words, address, photo, redo, rating."""
    case = submit(zhu, town, words=WORDS, address_note="二单元 502", photos=[photo()])
    route(case_id=case.pk, at=MONDAY)
    draw(case, "sign", staff["grid_leader"])
    draw(case, "finish", staff["grid_leader"], "朱秀兰家的灯换好了")
    draw(case, "redo", zhu, "又不亮了，我是朱秀兰")
    draw(case, "finish", staff["grid_leader"], "线路也换了")
    draw(case, "rate", zhu, "谢谢，朱秀兰", score=5, is_solved=True)
    case.refresh_from_db()
    assert not case.is_open
    return case


def test_everything_held_is_shown_and_copied(closed, zhu, settings):
    client = signed_in(zhu)
    page = client.get("/my-data/").content.decode()
    for words in (zhu.name, zhu.phone, "二单元 502", closed.number, "又不亮了"):
        assert words in page
    client.post("/my-data/copies/")
    client.post("/my-data/copies/")
    assert DataCopy.objects.count() == 1  # asked for twice, made once
    assert rights.make_copies(at=MONDAY) == 1
    copy = DataCopy.objects.get()
    answer = client.get(f"/my-data/copies/{copy.pk}/")
    packed = zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))
    held = json.loads(packed.read("我的信息.json"))
    assert held["诉求原话"][0]["门牌或具体位置"] == "二单元 502"
    assert held["反映的事项"][0]["您的评价"] == "5 星"
    assert "又不亮了" in packed.read("我的信息.html").decode()
    assert AuditLine.objects.filter(act="own_data", about=zhu.pk).count() == 1


def test_a_copy_is_for_its_owner_alone_and_goes_after_a_week(closed, zhu, neighbour):
    rights.ask_for_copy(person=zhu, at=MONDAY)
    rights.make_copies(at=MONDAY)
    copy = DataCopy.objects.get()
    assert signed_in(neighbour).get(f"/my-data/copies/{copy.pk}/").status_code == 404
    path = copy.file.path
    rights.run_retention(at=MONDAY + timedelta(days=8))
    assert not DataCopy.objects.exists()
    assert not Path(path).exists()


def test_a_name_and_a_phone_are_corrected(zhu, resident):
    client = signed_in(zhu)
    client.post("/my-data/name/", {"name": "朱女士"})
    page = client.post("/my-data/phone/", {"phone": resident.phone, "send_code": "1"}).content.decode()
    code = page.partition("验证码是 ")[2][:6]
    taken = client.post("/my-data/phone/", {"phone": resident.phone, "code": code}).content.decode()
    assert "已有账号" in taken  # said to whoever holds that phone, to nobody else
    page = client.post("/my-data/phone/", {"phone": "13911112222", "send_code": "1"}).content.decode()
    code = page.partition("验证码是 ")[2][:6]
    assert "13911112222" in page
    client.post("/my-data/phone/", {"phone": "13911112222", "code": code})
    zhu.refresh_from_db()
    assert (zhu.name, zhu.phone) == ("朱女士", "13911112222")
    assert User.objects.with_phone("13911112222") == zhu


def test_separate_consents_are_given_and_taken_back(zhu):
    client = signed_in(zhu)
    assert not consents.agreed(zhu, Purpose.LOCATION)
    client.post("/my-data/consents/location/")
    assert consents.agreed(zhu, Purpose.LOCATION)
    client.post("/my-data/consents/location/", {"withdraw": "1"})
    client.post("/my-data/consents/location/", {"withdraw": "1"})
    assert not consents.agreed(zhu, Purpose.LOCATION)
    assert Consent.objects.filter(person=zhu, purpose="location").count() == 1
    assert client.post("/my-data/consents/guardian/").status_code == 404


def test_a_new_wording_is_asked_again_and_leaving_stays_possible(zhu):
    Consent.objects.update(notice_version="2020-01")
    client = Client()
    client.post("/sign-in/", {"phone": zhu.phone})
    client.post("/sign-in/code/", {"code": shown_code(client)})
    assert client.get("/cases/")["Location"] == "/my-data/agree/"
    assert client.get("/privacy/").status_code == 200
    assert client.get("/my-data/erase/").status_code == 200
    client.post("/my-data/consents/notice/")
    assert client.get("/cases/").status_code == 200
    client.post("/my-data/consents/notice/", {"withdraw": "1"})
    assert client.get("/cases/")["Location"] == "/my-data/agree/"


def test_a_child_needs_a_guardian(client, db):
    born = timezone.localdate() - timedelta(days=3000)
    client.post("/sign-in/", {"phone": "13900001000"})
    assert client.post("/sign-in/code/", {"code": shown_code(client)})["Location"] == "/sign-in/first-time/"
    answer = client.post("/sign-in/first-time/", {"name": "小明", "is_child": "on", "birth_date": f"{born:%Y-%m-%d}"})
    assert answer["Location"] == "/sign-in/guardian/"
    assert not User.objects.exists()
    same = {"guardian_name": "张伟", "guardian_phone": "13900001000", "has_agreed": "on"}
    assert "监护人自己的手机号" in client.post("/sign-in/guardian/", {**same, "code": "1"}).content.decode()
    posted = {"guardian_name": "张伟", "guardian_phone": "13900002000"}
    page = client.post("/sign-in/guardian/", {**posted, "send_code": "1"}).content.decode()
    assert value(page, "guardian_name") == "张伟"
    code = page.partition("验证码是 ")[2][:6]
    silent = client.post("/sign-in/guardian/", {**posted, "code": code})
    assert silent.context["form"].errors.keys() == {"has_agreed"}
    posted["has_agreed"] = "on"
    wrong = "000000" if code != "000000" else "111111"
    for left in (4, 3):  # counted, though nothing else of it is
        assert f"还可以试 {left} 次" in client.post("/sign-in/guardian/", {**posted, "code": wrong}).content.decode()
    client.post("/sign-in/guardian/", {**posted, "code": code})
    child = User.objects.get()
    assert child.birth_date == born
    assert Consent.objects.get(purpose="guardian").guardian_phone == "13900002000"
    assert client.get("/cases/").status_code == 200
    refused = client.post("/my-data/consents/sensitive/", follow=True).content.decode()
    assert "由监护人同意" in refused
    assert not consents.agreed(child, Purpose.SENSITIVE)


def test_taking_the_notice_back_ends_the_other_devices(zhu):
    here, there = signed_in(zhu), signed_in(zhu)
    for client in (here, there):
        Device.objects.create(person=zhu, session_key=client.session.session_key, signed_in_at=MONDAY)
    here.post("/my-data/consents/notice/", {"withdraw": "1"})
    assert here.get("/cases/")["Location"] == "/my-data/agree/"
    assert there.get("/cases/")["Location"].startswith("/sign-in/")


def figures() -> tuple:
    return (
        Case.objects.count(),
        sorted(Case.objects.values_list("state", "outcome", "was_late", "redo_count")),
        CaseEvent.objects.count(),
        list(Rating.objects.values_list("score", "is_solved")),
    )


def test_erasing_forgets_the_person_and_keeps_the_figures(closed, zhu, staff):
    signed_in(staff["grid_leader"]).post(f"/cases/{closed.number}/asker-phone/", {"reason": "联系朱秀兰上门"})
    before = figures()
    signed_in(zhu).post("/my-data/erase/", {"words": "注销"})
    stolen = whole_database()
    for trace in ("朱秀兰", "13900008888", "二单元 502", "三单元的灯", "又不亮了"):
        assert trace not in stolen, next(line for line in stolen.splitlines() if trace in line)
    assert zhu.phone_index not in stolen
    assert figures() == before
    assert not Attachment.objects.exists()
    assert audit_problems() == []
    desk = signed_in(staff["community_worker"])
    assert "朱" not in desk.get(f"/cases/{closed.number}/").content.decode()
    assert closed.number not in desk.get("/admin/cases/case/?q=三单元的灯").content.decode()
    assert User.objects.with_phone("13900008888") is None


def test_whoever_left_may_come_back_as_somebody_new(closed, zhu):
    rights.erase(person=zhu, at=MONDAY)
    later = MONDAY + timedelta(hours=1)
    again = newcomer(phone="13900008888", name="朱", at=later)
    assert again.pk != zhu.pk
    assert not Case.objects.seated(again).exists()


def test_what_is_not_begun_is_withdrawn_and_what_is_in_work_is_finished(zhu, defaults, town, staff):
    fresh = submit(zhu, town, key="fresh", words=WORDS)
    working = submit(zhu, town, key="working", words=WORDS)
    for case in (fresh, working):
        route(case_id=case.pk, at=MONDAY)
    leader = staff["grid_leader"]
    draw(working, "sign", leader)
    draw(working, "start", leader)
    rights.erase(person=zhu, at=MONDAY)
    fresh.refresh_from_db()
    assert fresh.state == "withdrawn"
    assert Request.objects.get(case=working).words == WORDS  # still needed to do the work
    draw(working, "finish", leader, "换好了")
    draw(working, "verify", staff["community_worker"], "现场看过")  # nobody is left who could be asked
    rights.run_retention(at=MONDAY + timedelta(days=1))
    assert Request.objects.get(case=working).words == ""
    assert "朱秀兰" not in whole_database()


def test_whoever_is_in_post_cannot_leave_before_the_post(grid_leader):
    with pytest.raises(ValidationError, match="网格长，请先由上级结束任职"):
        rights.erase(person=grid_leader, at=MONDAY)
    page = signed_in(grid_leader).post("/my-data/erase/", {"words": "注销"}).content.decode()
    assert "请先由上级结束任职" in page


def test_leaving_must_be_meant(zhu):
    page = signed_in(zhu).post("/my-data/erase/", {"words": "好"}).content.decode()
    assert "请输入“注销”两个字" in page
    assert User.objects.filter(name="朱秀兰").exists()


def test_periods_run_by_themselves_and_report(closed, zhu):
    late = MONDAY + timedelta(days=3 * 365 + 10)
    report = rights.run_retention(at=late)
    assert report["办结事项的文字和照片"] == report["诉求原话"] == 1
    assert Request.objects.get().words == ""
    assert zhu.name in whole_database()  # the account itself stays until its owner leaves
    line = AuditLine.objects.filter(act="retention").get()
    assert "诉求原话 1" in line.spoken.words
    assert rights.run_retention(at=late)["诉求原话"] == 0


def test_staff_set_another_period(closed):
    RetentionPeriod.objects.create(code="request_words", days=10)
    rights.run_retention(at=MONDAY + timedelta(days=9))
    assert Request.objects.get().words
    rights.run_retention(at=MONDAY + timedelta(days=11))
    assert not Request.objects.get().words


def test_no_audit_line_is_ever_cleared(closed):
    count = AuditLine.objects.count()
    rights.run_retention(at=MONDAY + timedelta(days=4000))
    assert AuditLine.objects.count() == count + 1
    assert audit_problems() == []


def test_kinds_of_records_are_named_once():
    assert len({keeping.code for keeping in KEEPINGS}) == len(KEEPINGS)
    assert len({holding.label for holding in HOLDINGS}) == len(HOLDINGS)


def test_the_demonstration_keeps_nothing_in_clear(db):
    """No phone, ID number or address of a resident stands readable in a dump of the demonstration after a request."""
    call_command("load_defaults", verbosity=0)
    demonstration.begin(at=timezone.now())
    call_command("seed_zhenghe", verbosity=0)
    person = User.objects.filter(is_staff=False, posts=None).first()
    door = Building.objects.first()
    submit_request(
        asker=person,
        place=Place(door.estate, door),
        words="灯坏了",
        submit_key="k",
        at=timezone.now(),
        address_note="七单元 1803 室",
    )
    assert "七单元 1803 室" not in whole_database()
    assert readable_in_a_dump() == []
    person.name = f"{person.name} {person.phone}"
    person.save()
    assert readable_in_a_dump() == [person.phone], "or nothing was proved"


def test_rotating_keys(zhu, settings):
    old, new = settings.PERSONAL_DATA_KEYS[0], Fernet.generate_key().decode()
    audit.record(act="reveal", at=MONDAY, about=zhu.pk, words="约时间")
    settings.PERSONAL_DATA_KEYS = [new, old]
    call_command("rotate_personal_data_key", verbosity=0)
    settings.PERSONAL_DATA_KEYS = [new]
    assert User.objects.with_phone("13900008888").phone == "13900008888"
    assert audit_problems() == []


def test_acting_for_somebody_on_leave_ends_by_itself(town, neighbour):
    appoint(person=neighbour, role="grid_leader", grid=town.grid, from_at=MONDAY, until_at=MONDAY + timedelta(days=3))
    assert may(neighbour, "see", town.grid, at=MONDAY + timedelta(days=2))
    assert not may(neighbour, "see", town.grid, at=MONDAY + timedelta(days=3))


@pytest.mark.django_db(transaction=True)
def test_erasing_that_has_to_give_way_is_done_once_more(zhu):
    """It goes through all rooms; whoever holds what it wants next, and waits for what it holds, is not stopped by it."""
    facts = {"reason": "您好，朱秀兰"}
    notify(News(kind="case.photo_refused", people=[zhu], facts=facts, path="/", cause="greeting", at=MONDAY))

    def erase() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET deadlock_timeout = '100ms'")  # PostgreSQL ends who notices first
        rights.erase(person=zhu, at=MONDAY)

    def read() -> None:
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=zhu.pk)
            Notice.objects.filter(person=zhu).update(read_at=MONDAY)

    crossing((erase, 'UPDATE "accounts_user"'), (read, 'UPDATE "notices_notice"'))
    zhu.refresh_from_db()
    assert zhu.erased_at == MONDAY
    assert not heard("朱秀兰")


def test_devices_of_sessions_that_are_over_are_forgotten_and_counted(zhu):
    for _ in range(2):
        Device.objects.create(person=zhu, session_key=signed_in(zhu).session.session_key, signed_in_at=MONDAY)
    Session.objects.exclude(pk=Device.objects.latest("pk").session_key).delete()
    clear = next(keeping.clear for keeping in KEEPINGS if keeping.code == "device")
    assert clear(MONDAY + timedelta(days=1), timezone.now()) == 1
    assert Device.objects.count() == 1
