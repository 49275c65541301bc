"""SMS through the makers' own SDKs, against servers that answer as their documents say."""

import json
import time

import pytest

from gateways import sms
from gateways.faults import Down, Refused
from tests.support.standins import sms as standins
from tests.support.standins.server import Answer

MESSAGE = sms.Message("13850990001", "SMS_154950909", {"title": "路灯不亮", "holder": "李某"}, key="7")


def test_what_is_sent(gateway, settings):
    number = sms.send(MESSAGE)
    [asked] = gateway.asked
    if settings.SMS_GATEWAY == "aliyun":
        fields = standins.of_aliyun(asked)
        assert (fields["PhoneNumbers"], fields["SignName"]) == ("13850990001", "政和社区")
        assert json.loads(fields["TemplateParam"]) == {"title": "路灯不亮", "holder": "李某"}
        assert (fields["TemplateCode"], fields["OutId"]) == ("SMS_154950909", "7")
        assert number.startswith("biz-")
    else:
        assert asked.json["PhoneNumberSet"] == ["+8613850990001"]
        assert asked.json["TemplateParamSet"] == ["路灯不亮", "李某"]
        assert (asked.json["SmsSdkAppId"], asked.json["SessionContext"]) == ("1400006666", "7")
        assert number.startswith("sid-")


def test_an_empty_number_is_refused(gateway):
    with pytest.raises(Refused):
        sms.send(sms.Message("13850990000", "SMS_1", {"code": "1"}, key=""))


FAULTS = {
    "aliyun": [
        standins.aliyun_error("isv.AMOUNT_NOT_ENOUGH", 200),
        standins.aliyun_error("isv.SMS_TEMPLATE_ILLEGAL", 200),
        standins.aliyun_error("Throttling.User"),
        standins.aliyun_error("isp.SYSTEM_ERROR", 500),
        standins.aliyun_error("InvalidAccessKeyId.NotFound", 404),
    ],
    "tencent": [
        standins.tencent_error("FailedOperation.InsufficientBalanceInSmsPackage"),
        standins.tencent_error("AuthFailure.SignatureFailure"),
        standins.tencent_error("LimitExceeded.DeliveryFrequencyLimit"),
        standins.tencent_error("InternalError.Timeout"),
    ],
}
OF_ANY = [
    Answer(b"<html>Bad Gateway</html>", status=502, content_type="text/html"),
    Answer(b"", is_broken_off=True),
    Answer(b"{}", status=200),
]


@pytest.mark.parametrize("number", range(8))
def test_what_is_no_fault_of_the_number_is_down(gateway, settings, number):
    faults = FAULTS[settings.SMS_GATEWAY] + OF_ANY
    if number >= len(faults):
        pytest.skip("no more faults of this gateway")
    gateway.fault = lambda asked: faults[number]
    with pytest.raises(Down):
        sms.send(MESSAGE)
    assert len(gateway.asked) == 1  # whether to try again is the outbox's question


def test_a_gateway_that_does_not_answer_holds_nobody_longer_than_3_seconds(gateway):
    gateway.fault = lambda asked: Answer(b"", seconds=20)
    began = time.monotonic()
    with pytest.raises(Down):
        sms.send(MESSAGE)
    assert time.monotonic() - began < 3


def test_a_gateway_that_is_gone_is_down(gateway, settings):
    settings.SMS_ENDPOINT = "http://127.0.0.1:1"
    sms._client.cache_clear()
    with pytest.raises(Down):
        sms.send(MESSAGE)
