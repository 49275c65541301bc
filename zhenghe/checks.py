"""What `check --deploy` says about settings that must not stand in front of real residents."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def demonstration_is_off(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """With DEMO=1 every sign-in code stands on the page."""
    if not settings.DEMO:
        return []
    return [Error("DEMO=1 在页面上显示登录验证码，正式运行时不能开启。", id="zhenghe.E001")]
