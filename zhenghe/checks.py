"""What `check --deploy` says about settings that must not stand in front of real residents."""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from gateways import sms


def refuse_without_sender() -> None:
    """Called as the web server and the worker start. Raises ImproperlyConfigured: nobody outside would be told anything, and
    no resident could sign in."""
    is_public = settings.SESSION_COOKIE_SECURE  # over HTTPS a trial would be taken for the real thing
    if settings.CODE_SENDER == settings.TRIAL_SENDER and (is_public or not settings.SMS_GATEWAY):
        raise ImproperlyConfigured(
            "没有设置短信通道，居民收不到验证码和通知，不能正式运行。"
            "请设 SMS_GATEWAY=aliyun 或 tencent；只在本机试装，请设 SMS_GATEWAY=trial（验证码只写进日志）。"
        )
    try:
        sms.load()
    except ImportError as missing:
        raise ImproperlyConfigured(
            f"SMS_GATEWAY={settings.SMS_GATEWAY} 用不了（{missing}）。请运行 pip install -r requirements-sms.txt。"
        ) from missing


@register(Tags.security, deploy=True)
def is_no_trial(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Each thing that is right for a trial on one's own machine and wrong in production."""
    return [Error(words, hint=hint, id=f"zhenghe.{code}") for code, words, hint in _faults()]


def _faults() -> Iterator[tuple[str, str, str]]:
    if settings.DEMO:
        yield "E001", "DEMO=1：演示账号的密码是公开的，正式运行时不能开启。", "设 DEMO=0。"
    if settings.CODE_SENDER == settings.TRIAL_SENDER:
        yield "E002", "登录验证码只写进日志，居民收不到短信。", "设 SMS_GATEWAY=aliyun 或 tencent。"
    if settings.SESSION_COOKIE_SECURE and settings.PROXIES == 0:
        yield (
            "E003",
            "HTTPS=1 而 PROXIES=0：所有来访者都算作同一个地址，一个人输错密码会锁住别人。",
            "有几层自己的反向代理，就把 PROXIES 设成几。",
        )
    if not settings.REDIS_URL.startswith(("redis://", "rediss://", "sentinel://")):
        yield "E004", "没有独立的 Redis：消息队列随门户一起停。", "用 REDIS_URL 指定 Redis。"
    if _keys_lie_beside_the_data():
        yield (
            "E005",
            "密钥和数据放在一起（DATA_DIR/secrets.json）：谁拿到备份，谁就能读出手机号。",
            "把 SECRET_KEY、PERSONAL_DATA_KEY、PERSONAL_DATA_INDEX_KEY 放进环境变量或别处的文件，并删去 secrets.json。",
        )
    if not (settings.PRIVACY_HANDLER and settings.PRIVACY_CONTACT):
        yield (
            "E006",
            "个人信息处理告知没有写明处理者和联系方式（个人信息保护法第十七条）。",
            "用 PRIVACY_HANDLER 和 PRIVACY_CONTACT 填写使用单位的全称和电话、邮箱。",
        )


def _keys_lie_beside_the_data() -> bool:
    path = settings.DATA_DIR / "secrets.json"
    if not path.exists():
        return False
    kept = json.loads(path.read_text()).values()
    return any(key in kept for key in (settings.SECRET_KEY, *settings.PERSONAL_DATA_KEYS))
