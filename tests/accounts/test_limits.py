"""How often: a machine is slowed down with a clear sentence, the honest person beside it is not."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from accounts import limiter
from accounts.limiter import LIMITS, TooOften
from accounts.models import RateCount
from accounts.privacy.holdings import KEEPINGS
from cases.models import Case
from cases.reading.tracking import tracking_path
from residents.models import Draft
from tests.support.cast import MONDAY, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


def test_a_limit_counts_by_person_and_address_and_ends_with_its_window():
    for _ in range(LIMITS["submit"]["person"].times):
        limiter.check("submit", person=1, address="10.0.0.1", at=MONDAY)
    with pytest.raises(TooOften, match="请 10 分钟后再试"):
        limiter.check("submit", person=1, address="10.0.0.2", at=MONDAY)
    limiter.check("submit", person=2, address="10.0.0.1", at=MONDAY)
    limiter.check("submit", person=1, address="10.0.0.1", at=MONDAY + timedelta(minutes=10))


def test_no_address_is_kept():
    limiter.check("track", address="10.1.2.3", at=MONDAY)
    assert "10.1.2.3" not in str(list(RateCount.objects.values()))
    limiter.forget_old(before=MONDAY + timedelta(days=2))
    assert not RateCount.objects.exists()


def test_windows_that_are_over_are_forgotten_by_night():
    limiter.check("track", address="10.1.2.3", at=MONDAY)
    clear = next(keeping.clear for keeping in KEEPINGS if keeping.code == "attempt")
    clear(MONDAY, MONDAY + timedelta(days=1))
    assert RateCount.objects.exists()
    clear(MONDAY, MONDAY + timedelta(days=3))
    assert not RateCount.objects.exists()


def submit(client, person, town, words="灯坏了", **more):
    draft = Draft.objects.create(person=person, grid=town.estate, words=words, begun_at=MONDAY)
    return draft, client.post(f"/requests/new/{draft.key}/confirm/", {"category": ""}, **more)


def test_who_tries_again_through_an_outage_is_not_refused_after_it(defaults, staff, resident, town, monkeypatch):
    client = signed_in(resident)
    client.raise_request_exception = False
    with monkeypatch.context() as outage:
        outage.setattr("residents.drafts.submit_request", lambda **_: (_ for _ in ()).throw(OperationalError("locked")))
        answers = {submit(client, resident, town)[1].status_code for _ in range(LIMITS["submit"]["person"].times + 5)}
        assert answers == {500}
    _, answer = submit(client, resident, town)
    assert answer.status_code == 302
    assert Case.objects.count() == 1


def test_a_hundred_requests_a_minute_from_one_address_are_slowed_and_the_neighbour_is_not(
    defaults, town, staff, resident, neighbour
):
    machine, honest = signed_in(resident), signed_in(neighbour)
    answers = [submit(machine, resident, town, REMOTE_ADDR="10.0.0.66") for _ in range(100)]
    allowed = LIMITS["submit"]["person"].times
    assert [answer.status_code for _, answer in answers] == [302] * allowed + [200] * (100 - allowed)
    draft, last = answers[-1]
    assert "操作太频繁了" in last.content.decode()
    assert Draft.objects.filter(pk=draft.pk, words="灯坏了").exists()  # nothing typed is lost
    assert submit(honest, neighbour, town, REMOTE_ADDR="10.0.0.7")[1].status_code == 302
    assert Case.objects.count() == allowed + 1


def test_many_accounts_behind_one_address_are_slowed_too(defaults, town, staff, db):
    from accounts.models import User

    sent = 0
    for number in range(8):
        person = User.objects.create_user(phone=f"139000020{number:02d}", name="机器")
        client = signed_in(person)
        sent += sum(submit(client, person, town, REMOTE_ADDR="10.0.0.66")[1].status_code == 302 for _ in range(10))
    assert sent == LIMITS["submit"]["address"].times


def test_the_api_says_429(resident, defaults, town, staff):
    client = signed_in(resident)
    posted = {"place": town.estate.pk, "words": "灯坏了"}
    keys = [f"00000000-0000-4000-8000-{number:012d}" for number in range(21)]
    answers = [client.post("/api/v1/requests/", {**posted, "key": key}) for key in keys]
    assert {answer.status_code for answer in answers[:20]} == {201}
    assert answers[20].status_code == 429
    assert int(answers[20]["Retry-After"]) > 0


def test_guessing_tracking_links_is_stopped(request_case):
    guesser, honest = Client(REMOTE_ADDR="10.0.0.66"), Client(REMOTE_ADDR="10.0.0.7")
    answers = [guesser.get(f"/t/{request_case.number}/guess{number}/").status_code for number in range(130)]
    assert answers[:120] == [404] * 120
    assert set(answers[120:]) == {429}
    assert honest.get(tracking_path(request_case)).status_code == 200


def test_codes_by_the_dozen_are_stopped(client, db):
    for number in range(LIMITS["code"]["address"].times):
        assert client.post("/sign-in/", {"phone": f"139000030{number:02d}"}).status_code == 302
    page = client.post("/sign-in/", {"phone": "13900003099"}).content.decode()
    assert "操作太频繁了" in page
    assert "13900003099" in page
    assert Client(REMOTE_ADDR="10.0.0.7").post("/sign-in/", {"phone": "13900003098"}).status_code == 302


def test_what_a_client_says_of_its_address_is_believed_only_from_our_proxy(rf, settings):
    from web.client_address import client_address

    forged = rf.get("/", HTTP_X_FORWARDED_FOR="1.2.3.4, 5.6.7.8", REMOTE_ADDR="9.9.9.9")
    assert client_address(forged) == "9.9.9.9"
    settings.PROXIES = 1
    assert client_address(forged) == "5.6.7.8"
    settings.PROXIES = 3
    assert client_address(forged) == "9.9.9.9"
