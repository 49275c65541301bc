"""WeChat and the SMS gateways, reached by the settings of the test."""

import pytest

from gateways import sms
from gateways.wechat import client
from notices.channels.sending import BREAKERS
from tests.support.standins import sms as sms_standins
from tests.support.standins.wechat import APP, OFFICIAL_APP, OFFICIAL_SECRET, SECRET, WeChatStandIn


@pytest.fixture
def wechat(settings, db):
    standin = WeChatStandIn()
    with standin.server as server:
        settings.WECHAT_API_URL = server.url
        settings.WECHAT_MINI_ID, settings.WECHAT_MINI_SECRET = APP, SECRET
        settings.WECHAT_OFFICIAL_ID, settings.WECHAT_OFFICIAL_SECRET = OFFICIAL_APP, OFFICIAL_SECRET
        yield standin


@pytest.fixture
def mini(wechat):
    return client.mini_program()


@pytest.fixture(params=["aliyun", "tencent"])
def gateway(request, settings):
    """Either; `settings.SMS_GATEWAY` says which."""
    yield from _gateway(request.param, settings)


@pytest.fixture
def aliyun(settings):
    yield from _gateway("aliyun", settings)


def _gateway(name, settings):
    with getattr(sms_standins, name)() as server:
        settings.SMS_GATEWAY, settings.SMS_ENDPOINT = name, server.url
        settings.SMS_KEY_ID, settings.SMS_KEY_SECRET = "key", "secret"
        settings.SMS_SIGN, settings.SMS_APP_ID, settings.SMS_CODE_TEMPLATE = "政和社区", "1400006666", "SMS_1"
        sms._client.cache_clear()
        for breaker in BREAKERS.values():
            breaker.note_answer()
        yield server
    sms._client.cache_clear()
