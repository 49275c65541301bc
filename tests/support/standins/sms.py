"""Aliyun's and Tencent's SendSms. Both take any key; numbers that end with 0000 do not exist."""

import itertools
import json
from urllib.parse import parse_qsl

from tests.support.standins.server import Answer, Asked, StandIn, in_json

NUMBERS = itertools.count(1)


def aliyun() -> StandIn:
    return StandIn(_aliyun)


def tencent() -> StandIn:
    return StandIn(_tencent)


def of_aliyun(asked: Asked) -> dict[str, str]:
    """The fields of a call, wherever the SDK puts them."""
    return {**asked.params, **dict(parse_qsl(asked.body.decode()))}


def _aliyun(asked: Asked) -> Answer:
    fields = of_aliyun(asked)
    if fields["PhoneNumbers"].endswith("0000"):
        return in_json({"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "号码不合法", "RequestId": "R"})
    json.loads(fields["TemplateParam"])
    return in_json({"Code": "OK", "Message": "OK", "BizId": f"biz-{next(NUMBERS)}", "RequestId": "R"})


def _tencent(asked: Asked) -> Answer:
    [phone] = asked.json["PhoneNumberSet"]
    code = "InvalidParameterValue.IncorrectPhoneNumber" if phone.endswith("0000") else "Ok"
    status = {
        "SerialNo": f"sid-{next(NUMBERS)}" if code == "Ok" else "", "PhoneNumber": phone, "Fee": 1,
        "SessionContext": asked.json["SessionContext"], "Code": code, "Message": "send success", "IsoCode": "CN",
    }  # fmt: skip
    return _of_tencent({"SendStatusSet": [status]})


def aliyun_error(code: str, status: int = 400) -> Answer:
    return in_json({"Code": code, "Message": "…", "RequestId": "R", "HostId": "h"}, status=status)


def tencent_error(code: str) -> Answer:
    return _of_tencent({"Error": {"Code": code, "Message": "…"}})


def _of_tencent(response: dict[str, object]) -> Answer:
    return in_json({"Response": {**response, "RequestId": "R"}}, content_type="application/json")
