"""The calls of WeChat's server API that the portal makes. One client an account: the mini-program, the 公众号."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests
from django.conf import settings
from django.utils import timezone

from gateways.faults import Down, Refused
from gateways.timeouts import timeouts
from gateways.wechat import tokens

BUSY = {-1, 45009, 45011, 40226, 45047}
"""The system is busy, a quota is full, a person or an account asks too often: later, or another way."""
TOKEN_DEAD = {40001, 40014, 42001}
OF_OUR_SETTINGS = {40013, 40125, 41002, 41004, 40037, 61003, 48001}
"""Account, secret or template are wrong: somebody of the county mends it, so it is no refusal of this person's."""
SNAPSHOT = 1
LONGEST_CHECKED = 2500
"""Signs that the check of words takes."""
LABELS = {
    "100": "正常", "10001": "广告", "20001": "时政", "20002": "色情", "20003": "辱骂", "20006": "违法犯罪", "20008": "欺诈",
    "20012": "低俗", "20013": "版权", "21000": "其他",
}  # fmt: skip
"""What WeChat thinks that words are about."""


@dataclass(frozen=True)
class Session:
    openid: str
    unionid: str
    """Where the accounts of the county are joined; "" otherwise."""


@dataclass(frozen=True)
class Visitor(Session):
    """Who came through a page in WeChat. `is_guest`: WeChat shows them a snapshot, the openid is nobody's."""

    is_guest: bool = False


@dataclass(frozen=True)
class Verdict:
    suggest: str
    """ "pass", "review" or "risky"."""
    label: str
    """A key of `LABELS`; "" where WeChat says none."""


@dataclass(frozen=True)
class WeChat:
    app_id: str
    secret: str

    # What a person hands over

    def session(self, code: str) -> Session:
        """Of wx.login. Good once, for five minutes. The session key stays with WeChat: we decrypt nothing with it."""
        params = {"appid": self.app_id, "secret": self.secret, "js_code": code, "grant_type": "authorization_code"}
        answer = self._get("/sns/jscode2session", params)
        return Session(_part(answer, "openid"), answer.get("unionid", ""))

    def phone(self, code: str) -> str:
        """Of the button getPhoneNumber: 11 digits of the mainland, or "+…" of elsewhere."""
        told = _part(self._call("/wxa/business/getuserphonenumber", {"code": code}), "phone_info")
        number, country = str(_part(told, "purePhoneNumber")), str(told.get("countryCode", "86"))
        return number if country == "86" else f"+{country}{number}"

    def sign_in_address(self, *, back_to: str, state: str) -> str:
        """Where a page in WeChat sends its visitor. WeChat wants the parameters in this order."""
        return (
            f"{settings.WECHAT_OPEN_URL}/connect/oauth2/authorize?appid={self.app_id}"
            f"&redirect_uri={quote(back_to, safe='')}&response_type=code&scope=snsapi_base&state={state}#wechat_redirect"
        )

    def visitor(self, code: str) -> Visitor:
        """Of what WeChat brings back. After a fault the code may be spent: send the visitor out again."""
        params = {"appid": self.app_id, "secret": self.secret, "code": code, "grant_type": "authorization_code"}
        answer = self._get("/sns/oauth2/access_token", params)
        is_guest = answer.get("is_snapshotuser") == SNAPSHOT
        return Visitor(_part(answer, "openid"), answer.get("unionid", ""), is_guest)

    # What a person is told

    def tell_subscriber(self, openid: str, *, template_id: str, page: str, fields: Mapping[str, str]) -> str:
        """Of the mini-program. Raises Refused 43101 where the person has not agreed, or not often enough."""
        told = {"touser": openid, "template_id": template_id, "page": page, "data": _values(fields)}
        answer = self._call(
            "/cgi-bin/message/subscribe/send",
            {**told, "miniprogram_state": settings.WECHAT_MINI_STATE, "lang": "zh_CN"},
        )
        return str(answer.get("msgid", ""))

    def tell_follower(self, openid: str, *, template_id: str, url: str, fields: Mapping[str, str]) -> str:
        """Of the 公众号."""
        told = {"touser": openid, "template_id": template_id, "url": url, "data": _values(fields)}
        return str(self._call("/cgi-bin/message/template/send", told).get("msgid", ""))

    # What is shown to everybody

    def check_words(self, openid: str, words: str, *, scene: int) -> Verdict:
        """msg_sec_check, second version. `scene`: 2 for a comment, 3 for a forum. Raises Refused where the words are too long,
        or the person was not in the mini-program within two hours (61010)."""
        if len(words) > LONGEST_CHECKED:
            raise Refused("too long", f"超过 {LONGEST_CHECKED} 字")
        asked = {"version": 2, "openid": openid, "scene": scene, "content": words}
        result = _part(self._call("/wxa/msg_sec_check", asked), "result")
        return Verdict(str(_part(result, "suggest")), str(result.get("label", "")))

    # How they are called

    def _call(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """With the token; once more with another where WeChat says that it is dead."""
        token = tokens.current(self.app_id, self._fetch_token, at=timezone.now())
        try:
            return self._post(path, body, token)
        except _TokenDead:
            token = tokens.instead_of(token, self.app_id, self._fetch_token, at=timezone.now())
        try:
            return self._post(path, body, token)
        except _TokenDead as fault:
            raise Down(fault.code, "凭据刚取来就失效") from fault

    def _fetch_token(self, by_force: bool) -> tuple[str, int]:
        asked = {"grant_type": "client_credential", "appid": self.app_id, "secret": self.secret}
        answer = self._post("/cgi-bin/stable_token", {**asked, "force_refresh": by_force}, "")
        return _part(answer, "access_token"), int(_part(answer, "expires_in"))

    def _post(self, path: str, body: Mapping[str, Any], token: str) -> dict[str, Any]:
        """The body is raw UTF-8, as WeChat counts and shows its signs."""
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        params = {"access_token": token} if token else {}
        return self._answer("POST", path, data=content, headers=headers, params=params)

    def _get(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        return self._answer("GET", path, params=params)

    def _answer(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        try:
            reply = requests.request(
                method, f"{settings.WECHAT_API_URL}{path}", timeout=timeouts(), allow_redirects=False, **more
            )
            reply.encoding = "utf-8"  # some of its answers say text/plain
            answer = reply.json()
        except requests.RequestException as fault:  # no JSON is one of them
            raise Down(type(fault).__name__, path) from fault
        if not isinstance(answer, dict):
            raise Down("no object", path)
        code = answer.get("errcode", 0)
        _raise_for(code if isinstance(code, int) else -1, str(answer.get("errmsg", "")))
        return answer


class _TokenDead(Down):
    pass


def _raise_for(code: int, words: str) -> None:
    """Success is 0, or is not said at all."""
    if code == 0:
        return
    if code in TOKEN_DEAD:
        raise _TokenDead(code, words)
    raise (Down if code in BUSY or code in OF_OUR_SETTINGS else Refused)(code, words)


def _part(answer: Mapping[str, Any], name: str) -> Any:
    """Raises Down: WeChat says yes and does not say this."""
    if not answer.get(name):
        raise Down("incomplete", name)
    return answer[name]


def _values(fields: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"value": value} for name, value in fields.items()}


def mini_program() -> WeChat | None:
    """The county's, or None where it has none."""
    return WeChat(settings.WECHAT_MINI_ID, settings.WECHAT_MINI_SECRET) if settings.WECHAT_MINI_ID else None


def official_account() -> WeChat | None:
    """The county's 公众号, or None."""
    return WeChat(settings.WECHAT_OFFICIAL_ID, settings.WECHAT_OFFICIAL_SECRET) if settings.WECHAT_OFFICIAL_ID else None
