"""WeChat against a server that answers as its documents say."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gateways.faults import Down, Refused
from gateways.models import AccessToken
from gateways.wechat import client
from gateways.wechat.fields import LENGTHS, fitting
from tests.support.standins.server import Answer, in_json
from tests.support.standins.wechat import APP, error

TOLD = {"template_id": "T1", "page": "pages/open/open?path=/", "fields": {"thing1": "路灯不亮"}}


def test_a_session_without_an_errcode_is_a_session(mini, wechat):
    wechat.unions["o-1"] = "u-1"
    session = mini.session("code-o-1")
    assert (session.openid, session.unionid) == ("o-1", "u-1")
    assert not hasattr(session, "session_key")


def test_a_code_is_good_once(mini):
    mini.session("code-o-1")
    with pytest.raises(Refused, match="40029"):
        mini.session("code-o-1")


@pytest.mark.parametrize("country", [86, "86"])
def test_a_phone_whichever_way_its_country_is_written(mini, wechat, country):
    wechat.phones["p"] = ("13850990001", country)
    assert mini.phone("p") == "13850990001"


def test_a_phone_of_elsewhere_says_so(mini, wechat):
    wechat.phones["p"] = ("5551234", 852)
    assert mini.phone("p") == "+8525551234"


def test_a_token_is_fetched_once_a_life(mini, wechat):
    for number in range(5):
        mini.tell_subscriber(f"o-{number}", **TOLD)
    assert wechat.server.paths().count("/cgi-bin/stable_token") == 1


def test_a_token_is_renewed_before_its_end(mini, wechat):
    mini.tell_subscriber("o-1", **TOLD)
    AccessToken.objects.update(expires_at=timezone.now() + timedelta(minutes=4))
    mini.tell_subscriber("o-1", **TOLD)
    assert wechat.server.paths().count("/cgi-bin/stable_token") == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_dead_token_is_fetched_anew_once(mini, wechat, code):
    mini.tell_subscriber("o-1", **TOLD)
    wechat.forget_tokens()
    wechat.server.fault = lambda asked: error(code, "token") if asked.params.get("access_token") == "token-1" else None
    mini.tell_subscriber("o-1", **TOLD)
    assert [told["touser"] for told in wechat.told] == ["o-1", "o-1"]
    forced = [asked.json["force_refresh"] for asked in wechat.server.asked if asked.path == "/cgi-bin/stable_token"]
    assert forced == [False, False, True]  # by force only where WeChat still thinks the dead one good


def test_a_token_that_is_dead_at_once_is_no_endless_loop(mini, wechat):
    wechat.server.fault = lambda asked: error(40001, "token") if "subscribe" in asked.path else None
    with pytest.raises(Down):
        mini.tell_subscriber("o-1", **TOLD)
    assert sum("subscribe" in path for path in wechat.server.paths()) == 2


@pytest.mark.django_db(transaction=True)
def test_all_who_come_at_once_share_one_token(transactional_db, wechat):
    wechat.server.fault = lambda asked: time.sleep(0.3) if asked.path == "/cgi-bin/stable_token" else None
    at_once = threading.Barrier(8)

    def tell(number):
        at_once.wait()
        try:
            return client.mini_program().tell_subscriber(f"o-{number}", **TOLD)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(tell, range(8)))) == 8
    assert wechat.server.paths().count("/cgi-bin/stable_token") == 1


@pytest.mark.parametrize("code", [43101, 40003, 47003, 41030])
def test_what_this_person_or_message_is_refused_for(mini, wechat, code):
    wechat.server.fault = lambda asked: error(code, "no") if "subscribe" in asked.path else None
    with pytest.raises(Refused, match=str(code)):
        mini.tell_subscriber("o-1", **TOLD)


@pytest.mark.parametrize(
    "answer",
    [
        error(-1, "system error"),
        error(45009, "reach max api daily quota limit"),
        error(40037, "template_id不正确"),
        Answer(b"<html>", status=502, content_type="text/html"),
        Answer(b"", is_broken_off=True),
        Answer(b"[]"),
    ],
    ids=["busy", "quota", "template", "bad gateway", "cut", "no object"],
)
def test_what_is_down(mini, wechat, answer):
    wechat.server.fault = lambda asked: answer if "subscribe" in asked.path else None
    with pytest.raises(Down):
        mini.tell_subscriber("o-1", **TOLD)


@pytest.mark.parametrize(
    "answer", [{}, {"errcode": 0}, {"errcode": "?"}, {"phone_info": {}}, {"access_token": "", "expires_in": 1}]
)
@pytest.mark.parametrize("ask", ["session", "visitor", "phone"])
def test_an_answer_that_says_nothing_is_down(mini, wechat, answer, ask):
    wechat.server.fault = lambda asked: in_json(answer)
    with pytest.raises(Down):
        getattr(mini, ask)("code-o-1")


@pytest.mark.parametrize("suggest", ["pass", "review", "risky"])
@pytest.mark.parametrize("label", [20001, "20001"])
def test_what_wechat_thinks_of_words(mini, wechat, suggest, label):
    wechat.thinks["书记"] = (suggest, label)
    assert mini.check_words("o-1", "请书记来看看", scene=3) == client.Verdict(suggest, "20001")


def test_words_go_out_as_they_are_written(mini, wechat):
    mini.check_words("o-1", "楼道灯\n不亮😀", scene=2)
    asked = wechat.server.asked[-1]
    assert "楼道灯\\n不亮😀".encode() in asked.body
    assert b"\\u" not in asked.body
    assert asked.json == {"version": 2, "openid": "o-1", "scene": 2, "content": "楼道灯\n不亮😀"}


def test_longer_words_than_wechat_takes_are_not_sent(mini, wechat):
    mini.check_words("o-1", "字" * 2500, scene=3)
    with pytest.raises(Refused, match="too long"):
        mini.check_words("o-1", "字" * 2501, scene=3)
    assert wechat.checked == ["字" * 2500]


@pytest.mark.parametrize("code", [40003, 40129, 43104, 43302, 44002, 47001, 61010])
def test_words_that_wechat_does_not_check(mini, wechat, code):
    wechat.server.fault = lambda asked: error(code, "no") if "check" in asked.path else None
    with pytest.raises(Refused, match=str(code)):
        mini.check_words("o-1", "楼道灯不亮", scene=3)


@pytest.mark.parametrize(
    "answer",
    [
        error(-1, "system error"), error(45009, "quota"), in_json({"errcode": 0}), in_json({"errcode": 0, "result": {}}),
        in_json({"errcode": 0, "result": {"label": 100}}), Answer(b"", is_broken_off=True), Answer(b"", seconds=20),
    ],
    ids=["busy", "quota", "nothing", "empty", "no suggestion", "cut", "slow"],
)  # fmt: skip
def test_no_answer_is_no_yes(mini, wechat, answer):
    wechat.server.fault = lambda asked: answer if "check" in asked.path else None
    with pytest.raises(Down):
        mini.check_words("o-1", "楼道灯不亮", scene=3)


def test_slowness_is_down_within_3_seconds(mini, wechat):
    wechat.server.fault = lambda asked: Answer(b"", seconds=20)
    began = time.monotonic()
    with pytest.raises(Down):
        mini.session("code-o-1")
    assert time.monotonic() - began < 3


def test_a_visitor_of_a_snapshot_is_a_guest(wechat):
    account = client.official_account()
    assert account.visitor("code-snapshot-1").is_guest
    assert not account.visitor("code-o-9").is_guest


def test_the_address_of_sign_in_has_its_parameters_in_order(mini):
    address = mini.sign_in_address(back_to="https://zh.example/wechat/?a=1", state="s")
    names = [part.partition("=")[0] for part in address.partition("?")[2].partition("#")[0].split("&")]
    assert names == ["appid", "redirect_uri", "response_type", "scope", "state"]
    assert address.endswith("#wechat_redirect")
    assert "redirect_uri=https%3A%2F%2Fzh.example%2Fwechat%2F%3Fa%3D1&" in address
    assert f"appid={APP}" in address


@given(name=st.sampled_from(sorted(LENGTHS)), text=st.text(max_size=80))
def test_no_field_is_longer_than_wechat_takes(name, text):
    fitted = fitting(f"{name}1", text)
    assert len(fitted) <= LENGTHS[name]
    assert fitted or name in {"time", "date"}


def test_fields_are_cut_and_moments_are_said_in_chinese():
    assert fitting("thing1", "宜和社区望江小区三号楼二单元楼道灯不亮") == "宜和社区望江小区三号楼二单元楼道灯不亮"
    assert fitting("thing1", "字" * 21) == "字" * 19 + "…"
    assert fitting("phrase2", "已派单(急)") == "已派单急"
    assert fitting("time4", "2026-11-29T10:00:00+00:00") == "2026年11月29日 18:00"
    assert fitting("thing3", "  ") == "无"
