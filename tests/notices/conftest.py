"""Three ways out of the house, all of which a resident has."""

import pytest

from accounts.models import WeChatAccount
from accounts.models.wechat_account import wechat_index
from notices.models import Subscription, Template
from notices.services import News, notify
from notices.texts import TEXTS, Text
from tests.support.cast import MONDAY
from tests.support.standins.wechat import APP

FIELDS = "thing1={title}\nphrase2=已派单\ntime4={due_at}"
WORDING = "【政和社区】您的“${title}”已派单。"


@pytest.fixture
def texts():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(TEXTS, "test.moved.asker", Text("“{title}”有进展，{due}前答复"))
        patch.setitem(TEXTS, "test.danger.asker", Text("“{title}”有危险，{due}", is_urgent=True))
        patch.setitem(TEXTS, "test.given.holder", Text("“{title}”派给您，{due}"))
        yield


def template(channel: str, order: int, kinds: str = "test.*", **more) -> Template:
    kept = Template(channel=channel, order=order, kinds=kinds, template_id=f"T-{channel}", **more)
    kept.fields = kept.fields or (FIELDS if channel != "sms" else "title={title}")
    kept.full_clean()
    kept.save()
    return kept


def follow(person, app: str, openid: str) -> None:
    WeChatAccount.objects.create(
        person=person, app_id=app, openid=openid, openid_index=wechat_index(openid), linked_at=MONDAY
    )


def agree(person, times: int) -> None:
    Subscription.objects.update_or_create(person=person, template_id="T-wechat", defaults={"left": times})


def tell(person, number=1, *, at=MONDAY, kind="test.moved.asker", **more) -> None:
    facts = {"title": f"楼道灯不亮{number}", "due": "明天18:00", "due_at": "2026-11-24T10:00:00+00:00"}
    notify(News(kind, [person], "/my/", f"event:{number}", at, facts, **more))


@pytest.fixture
def ways(texts, wechat, aliyun, resident):
    """Mini-program first, then the 公众号, then SMS; the resident has all three."""
    template("wechat", 1)
    template("official", 2)
    template("sms", 3, wording=WORDING)
    follow(resident, APP, "o-mini")
    agree(resident, 2)
    return wechat
