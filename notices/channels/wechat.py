"""By WeChat: a subscription message of the mini-program, or a template message of the 公众号."""

from urllib.parse import quote

from django.conf import settings
from django.db.models import F

from accounts.models import WeChatAccount
from gateways.faults import Down, Refused
from gateways.wechat import client
from gateways.wechat.fields import fitting
from notices.channels.sending import Sent, asking, fields_of
from notices.models import Notice, Subscription, Template
from notices.texts import OFFICIAL, WECHAT

NOT_AGREED = "43101"
OPENS_WITH = "pages/open/open?path="
"""The page of the mini-program that goes on to an address of the portal."""


def tell_subscriber(notice: Notice, template: Template) -> Sent | None:
    """One yes of the person is one message; without a yes left it is not tried."""
    mini = client.mini_program()
    openid = WeChatAccount.objects.openid_of(notice.person, settings.WECHAT_MINI_ID)
    agreed = Subscription.objects.filter(person=notice.person, template_id=template.template_id, left__gt=0)
    if mini is None or not openid or not agreed.update(left=F("left") - 1):
        return None
    page = OPENS_WITH + quote(notice.path)
    try:
        with asking(WECHAT):
            number = mini.tell_subscriber(
                openid, template_id=template.template_id, page=page, fields=_fitting(notice, template)
            )
    except Refused as refusal:
        if refusal.code == NOT_AGREED:
            Subscription.objects.filter(person=notice.person, template_id=template.template_id).update(left=0)
        raise
    except Down:
        _give_back(notice, template)
        raise
    return Sent(number)


def _give_back(notice: Notice, template: Template) -> None:
    """What did not go used up no yes."""
    mine = Subscription.objects.filter(person=notice.person, template_id=template.template_id)
    mine.update(left=F("left") + 1)


def tell_follower(notice: Notice, template: Template) -> Sent | None:
    account = client.official_account()
    openid = WeChatAccount.objects.openid_of(notice.person, settings.WECHAT_OFFICIAL_ID)
    if account is None or not openid:
        return None
    url = f"{settings.PORTAL_URL}{notice.path}"
    with asking(OFFICIAL):
        number = account.tell_follower(
            openid, template_id=template.template_id, url=url, fields=_fitting(notice, template)
        )
    return Sent(number)


def _fitting(notice: Notice, template: Template) -> dict[str, str]:
    return {name: fitting(name, text) for name, text in fields_of(notice, template).items()}
