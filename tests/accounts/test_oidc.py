"""Staff sign in by the county's own sign-in service: whose phone it vouches for is in, and nobody else."""

import pytest
from joserfc.jwk import RSAKey

from accounts.models import AuditLine, User
from accounts.models.audit import Act
from accounts.sign_in import oidc
from accounts.sign_in.sessions import VERIFIED
from tests.support.pages import MESSAGE, inside
from tests.support.standins.oidc import CLIENT, SECRET, SignInService
from tests.support.standins.server import Answer, in_json

BEGIN = "/sign-in/oidc/"
PASSWORD_PAGE = "/sign-in/password/"


@pytest.fixture
def service(settings, db):
    provider = SignInService()
    with provider.server as server:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = server.url, CLIENT, SECRET
        oidc._client.cache_clear()
        yield provider
    oidc._client.cache_clear()


def vouched(person: User, **more) -> dict[str, object]:
    return {"phone_number": f"+86{person.phone}", "phone_number_verified": True, **more}


def round_trip(client, service, *, next_page: str = ""):
    away = client.get(BEGIN, {"next": next_page} if next_page else {})
    return client.get(service.sign_in_at(away["Location"]))


def refused(client, answer) -> str:
    """With these words, and the way to the password; signed in is nobody."""
    words = inside(answer, MESSAGE)
    assert f'href="{PASSWORD_PAGE}"' in answer.content.decode()
    assert "_auth_user_id" not in client.session
    return words


def test_the_second_factor_is_asked_for_as_after_a_password(client, service, secretary):
    service.claims = vouched(secretary)
    answer = round_trip(client, service, next_page="/cases/?list=late")
    assert answer["Location"] == "/sign-in/second-factor/?next=%2Fcases%2F%3Flist%3Dlate"
    assert client.get("/cases/").status_code == 302


def test_where_the_service_asked_for_several_factors_one_is_in(client, service, secretary):
    service.claims = vouched(secretary, amr=["pwd", "mfa"])
    assert round_trip(client, service, next_page="/cases/")["Location"] == "/cases/"
    assert client.session[VERIFIED]
    assert client.get("/cases/").status_code == 200


def test_a_grid_leader_is_in(client, service, grid_leader):
    service.claims = vouched(grid_leader)
    assert round_trip(client, service)["Location"] == "/"
    assert client.session["_auth_user_id"] == str(grid_leader.pk)


def test_the_way_is_shown_where_the_county_has_one(client, service, settings):
    page = client.get(PASSWORD_PAGE, {"next": "/cases/"})
    assert 'href="/sign-in/oidc/?next=%2Fcases%2F"' in page.content.decode()
    settings.OIDC_ISSUER = ""
    assert "/sign-in/oidc/" not in client.get(PASSWORD_PAGE).content.decode()
    assert "没有开通" in refused(client, client.get(BEGIN))
    assert "没有开通" in refused(client, client.get(f"{BEGIN}back/", {"code": "c", "state": "s"}))


def test_a_foreign_address_is_not_where_it_ends(client, service, grid_leader):
    service.claims = vouched(grid_leader)
    assert round_trip(client, service, next_page="https://evil.example/")["Location"] == "/"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"phone_number": "+8613900000999", "phone_number_verified": True}, "没有可用的账号"),
        ({"phone_number": "+4930123456", "phone_number_verified": True}, "没有可用的账号"),
        ({"phone_number_verified": True}, "没有给出核实过的手机号"),
        ({"phone_number": 13900000999, "phone_number_verified": True}, "没有给出核实过的手机号"),
    ],
)
def test_who_is_not_known_here_gets_no_account(client, service, claims, words):
    people = User.objects.count()
    service.claims = claims
    assert words in refused(client, round_trip(client, service))
    assert User.objects.count() == people


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_a_phone_that_somebody_typed_in_there_opens_nothing(client, service, secretary, verified):
    service.claims = vouched(secretary) | {"phone_number_verified": verified}
    assert "没有给出核实过的手机号" in refused(client, round_trip(client, service))


def test_a_closed_account_stays_closed_and_is_noted(client, service, secretary):
    secretary.is_active = False
    secretary.save()
    service.claims = vouched(secretary)
    assert "没有可用的账号" in refused(client, round_trip(client, service))
    assert AuditLine.objects.filter(act=Act.SIGN_IN_FAILED, about=secretary.pk).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"aud": "another"}, {"iss": "https://another.example"}, {"exp": 1}, {"nonce": "another"}, {"iat": 9999999999}],
    ids=lambda claims: next(iter(claims)),
)
def test_a_token_that_is_not_for_this_visit_opens_nothing(client, service, secretary, wrong):
    service.claims = vouched(secretary) | wrong
    assert "没有认出您" in refused(client, round_trip(client, service))


def test_a_token_that_another_signed_opens_nothing(client, service, secretary):
    service.claims = vouched(secretary)
    service.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
    assert "没有认出您" in refused(client, round_trip(client, service))


def test_a_new_key_of_the_service_is_fetched(client, service, grid_leader):
    service.claims = vouched(grid_leader)
    round_trip(client, service)
    client.post("/sign-out/")
    service.renew_key()
    assert round_trip(client, service)["Location"] == "/"
    assert client.session["_auth_user_id"] == str(grid_leader.pk)


def test_a_visit_that_began_elsewhere_is_no_visit(client, service, secretary):
    """Somebody's link with a code of their own would sign the reader in as them."""
    service.claims = vouched(secretary)
    back = service.sign_in_at(client.get(BEGIN)["Location"])
    client.cookies.clear()
    assert "没有认出您" in refused(client, client.get(back))


def test_a_visit_comes_back_once(client, service, secretary):
    service.claims = vouched(secretary)
    back = service.sign_in_at(client.get(BEGIN)["Location"])
    client.get(back)
    assert "没有认出您" in refused(client, client.get(back))


def test_who_breaks_off_there_is_told(client, service):
    client.get(BEGIN)
    assert "没有认出您" in refused(client, client.get(f"{BEGIN}back/", {"error": "access_denied", "state": "x"}))


@pytest.mark.parametrize(
    "fault",
    [
        Answer(b"", status=502),
        Answer(b"<html>", content_type="text/html"),
        Answer(b"", is_broken_off=True),
        in_json({}),
        in_json([]),
    ],
    ids=["502", "no json", "broken off", "empty", "a list"],
)
@pytest.mark.parametrize("part", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_whatever_it_answers_the_password_is_still_there(client, service, secretary, part, fault):
    service.claims = vouched(secretary)
    service.server.fault = lambda asked: fault if asked.path == part else None
    away = client.get(BEGIN)
    if away.status_code == 302:
        away = client.get(service.sign_in_at(away["Location"]))
    assert "统一身份认证" in refused(client, away)
    service.server.fault = lambda asked: None
    assert round_trip(client, service)["Location"] == "/sign-in/second-factor/", "and works again when the service does"


def test_a_slow_service_is_not_waited_for(client, service, settings):
    settings.GATEWAY_MILLISECONDS = 200
    service.server.fault = lambda asked: Answer(b"{}", seconds=1)
    assert "没有回应" in refused(client, client.get(BEGIN))


def test_an_answer_without_a_token_proves_nothing(client, service, secretary):
    service.claims, service.lacks = vouched(secretary), {"id_token"}
    assert "没有认出您" in refused(client, round_trip(client, service))
