"""A topic and comments of residents who are in the mini-program, and what the public reads of them."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User, WeChatAccount
from accounts.models.wechat_account import wechat_index
from meetings.defaults import load_defaults
from meetings.models import Comment, Topic
from meetings.topics import services as topics
from moderation.models import Clearance
from tests.meetings.neighbours import adopted
from tests.support.cast import MONDAY, Town
from tests.support.standins.wechat import APP

TITLE, WORDS, COMMENT = "装监控要不要签字", "井盖松了没人管", "书记来看看井盖"


def in_mini_program(person: User, openid: str) -> User:
    WeChatAccount.objects.create(
        person=person, app_id=APP, openid=openid, openid_index=wechat_index(openid), linked_at=MONDAY
    )
    return person


@pytest.fixture
def writer(resident: User, staff: dict[str, User]) -> User:
    return in_mini_program(resident, "o-writer")


@pytest.fixture
def desk(staff: dict[str, User]) -> User:
    return staff["community_worker"]


@pytest.fixture
def talked(defaults: None, town: Town, desk: User) -> Topic:
    """Put forward by the desk, open for comments."""
    return adopted(town, desk, "邻里事务", title="周末大扫除")


def proposed(town: Town, by: User, *, words: str = WORDS, at: datetime = MONDAY) -> Topic:
    load_defaults()
    return topics.propose(grid=town.estate, title=TITLE, words=words, by=by, at=at, submit_key=f"{words}:{at}")


def commented(topic: Topic, by: User, words: str = COMMENT, *, at: datetime = MONDAY) -> Comment:
    return topics.comment(topic=topic, person=by, words=words, at=at)


def state(written: Topic | Comment) -> str:
    return Clearance.objects.get(pk=written.clearance_id).state


def after(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def read_by_all(*addresses: str) -> str:
    """Without signing in, one page after the other."""
    stranger = Client()
    return "".join(stranger.get(address).content.decode() for address in addresses)
