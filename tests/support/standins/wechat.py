"""WeChat's server API, as its documents describe it (developers.weixin.qq.com). Codes are "code-<openid>"."""

import itertools
import re
import threading
from dataclasses import dataclass, field

from tests.support.standins.server import Answer, Asked, StandIn, in_json

APP, SECRET = "wx-mini", "mini-secret"
OFFICIAL_APP, OFFICIAL_SECRET = "wx-official", "official-secret"


@dataclass
class WeChatStandIn:
    """What it knows, and what it was told."""

    phones: dict[str, object] = field(default_factory=lambda: {"phone-1": ("13800000001", 86)})
    """By code: number and country, which the documents type as text and show as a number."""
    unions: dict[str, str] = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)
    """openids that have not agreed, or not often enough."""
    thinks: dict[str, tuple[str, object]] = field(default_factory=dict)
    """Of words that contain the key: what it suggests, and the label, which the documents type as a number."""
    strangers: set[str] = field(default_factory=set)
    """openids that were not in the mini-program within two hours."""
    checked: list[str] = field(default_factory=list)
    """Words that it looked at."""
    told: list[dict[str, object]] = field(default_factory=list)
    lives: int = 7200
    """Seconds of a token."""

    def __post_init__(self) -> None:
        self.server = StandIn(self._answer)
        self.tokens: set[str] = set()
        self.current = ""
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._spent: set[str] = set()

    def forget_tokens(self) -> None:
        """As if the secret had been reset: tokens of before are dead, though asked for again it says so only by force."""
        self.tokens.clear()

    def _answer(self, asked: Asked) -> Answer:
        with self._lock:
            name = asked.path.strip("/").replace("/", "_").replace("-", "_")
            handler = getattr(self, f"_{name}", None)
            return handler(asked) if handler else Answer(b"not found", status=404, content_type="text/plain")

    def _cgi_bin_stable_token(self, asked: Asked) -> Answer:
        if (asked.json["appid"], asked.json["secret"]) not in {(APP, SECRET), (OFFICIAL_APP, OFFICIAL_SECRET)}:
            return error(40125, "invalid appsecret")
        if asked.json["force_refresh"] or not self.current or (self.tokens and self.current not in self.tokens):
            self.current = f"token-{next(self._numbers)}"
            self.tokens.add(self.current)
        return in_json({"access_token": self.current, "expires_in": self.lives})

    def _sns_jscode2session(self, asked: Asked) -> Answer:
        openid = self._spend(asked.params["js_code"])
        if openid is None:
            return error(40029, "code 无效")
        union = {"unionid": self.unions[openid]} if openid in self.unions else {}
        return in_json({"openid": openid, "session_key": "never-to-leave", **union})

    def _sns_oauth2_access_token(self, asked: Asked) -> Answer:
        openid = self._spend(asked.params["code"])
        if openid is None:
            return error(40029, "invalid code")
        snapshot = {"is_snapshotuser": 1} if openid.startswith("snapshot") else {}
        return in_json({"access_token": "a", "expires_in": 7200, "openid": openid, "scope": "snsapi_base", **snapshot})

    def _spend(self, code: str) -> str | None:
        if code in self._spent or not code.startswith("code-"):
            return None
        self._spent.add(code)
        return code.removeprefix("code-")

    def _wxa_business_getuserphonenumber(self, asked: Asked) -> Answer:
        if refusal := self._token_fault(asked):
            return refusal
        if asked.json["code"] not in self.phones:
            return error(40029, "code 无效")
        number, country = self.phones.pop(asked.json["code"])  # type: ignore[misc]
        told = {"phoneNumber": f"+{country}{number}", "purePhoneNumber": number, "countryCode": country}
        return in_json({"errcode": 0, "errmsg": "ok", "phone_info": told})

    def _cgi_bin_message_subscribe_send(self, asked: Asked) -> Answer:
        return self._token_fault(asked) or self._fields_fault(asked) or self._tell(asked)

    def _cgi_bin_message_template_send(self, asked: Asked) -> Answer:
        return self._token_fault(asked) or self._tell(asked)

    def _wxa_msg_sec_check(self, asked: Asked) -> Answer:
        """Signs that come as \\uXXXX it does not read, so that all passes (answer of its staff in the developers' forum)."""
        if refusal := self._token_fault(asked):
            return refusal
        body = asked.json
        if body["openid"] in self.strangers:
            return error(61010, "code is expired")
        if body["version"] != 2 or body["scene"] not in {1, 2, 3, 4} or not 1 <= len(body["content"]) <= 2500:
            return error(40129, "invalid scene")
        is_raw = b"\\u" not in asked.body
        self.checked.append(body["content"])
        suggest, label = next(
            (thought for part, thought in self.thinks.items() if is_raw and part in body["content"]), ("pass", 100)
        )
        detail = [{"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90}]
        result = {"suggest": suggest, "label": label}
        return in_json({"errcode": 0, "errmsg": "ok", "trace_id": "t-1", "result": result, "detail": detail})

    def _tell(self, asked: Asked) -> Answer:
        if asked.json["touser"] in self.refuses:
            return error(43101, "user refuse to accept the msg")
        self.told.append(asked.json)
        return in_json({"errcode": 0, "errmsg": "ok", "msgid": len(self.told)})

    def _token_fault(self, asked: Asked) -> Answer | None:
        token = asked.params.get("access_token", "")
        return (
            None if token in self.tokens else error(40001, "invalid credential, access_token is invalid or not latest")
        )

    def _fields_fault(self, asked: Asked) -> Answer | None:
        """47003 names the field."""
        for name, value in asked.json["data"].items():
            text = value["value"]
            is_wrong = (
                (name.startswith("thing") and not 1 <= len(text) <= 20)
                or (name.startswith("phrase") and not re.fullmatch("[\u4e00-\u9fff]{1,5}", text))
                or (name.startswith("time") and not re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日 \d{2}:\d{2}", text))
                or (name.startswith("character_string") and not re.fullmatch(r"[\x20-\x7e]{1,32}", text))
            )
            if is_wrong:
                return error(47003, f"argument invalid! data.{name}.value invalid")
        return None


def error(code: int, words: str) -> Answer:
    return in_json({"errcode": code, "errmsg": f"{words} rid: 1"})
