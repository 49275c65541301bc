"""Neighbours on the 户册 of 宜和佳苑, and topics as far as a test needs them."""

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import User
from cases.engine.turns import Given
from cases.services import act
from grids.models import Building
from meetings.defaults import load_defaults
from meetings.homes.roster import door_index
from meetings.models import Home, Matter, Tenure, Topic, Vote
from meetings.topics import services as topics
from meetings.votes import counts, urn
from meetings.votes import services as votes
from tests.support.cast import MONDAY, Town

MOVED_IN = MONDAY - timedelta(days=400)
NOTICE, LENGTH = timedelta(days=16), timedelta(days=7)
"""Between the announcement of an owners' vote and its opening, fifteen whole days and what is left of the first; how long
it runs."""
OPENS = MONDAY + NOTICE
DURING, CLOSES = OPENS + timedelta(days=1), OPENS + LENGTH
URN_KEY, SLIPS = urn.cut_keys()
URN = {"urn_key": URN_KEY, "witnesses": ["郑大爷", "孙阿姨", "吴老师"]}
"""What makes a vote secret; `SLIPS` open its urn, any two of them."""


def a_person(serial: int, name: str = "") -> User:
    return User.objects.create_user(phone=f"1370000{serial:04d}", name=name or f"邻居{serial}")


def a_home(building: Building, door: str, area: str = "90") -> Home:
    return Home.objects.create(
        estate=building.estate, building=building, door=door, door_index=door_index(door), area=Decimal(area)
    )


def at_home(home: Home, person: User, **more: bool) -> Tenure:
    return Tenure.objects.create(home=home, person=person, from_at=MOVED_IN, **({"owns": True} | more))


def settle(town: Town, people: list[User], areas: list[str] | None = None) -> list[Home]:
    """Each in a home of their own."""
    homes = [a_home(town.building, f"{100 + n}", (areas or ["90"] * len(people))[n]) for n in range(len(people))]
    for home, person in zip(homes, people, strict=True):
        at_home(home, person)
    return homes


def a_topic(town: Town, by: User, *, at: datetime = MONDAY, title: str = "给 3 幢加装扶手", grid=None) -> Topic:
    load_defaults()
    return topics.propose(
        grid=grid or town.estate,
        title=title,
        words="楼梯陡，老人上下不方便。",
        by=by,
        at=at,
        submit_key=f"{by.pk}:{title}:{at}",
    )


def draw(topic: Topic, verb: str, by: User, words: str = "大家都同意", *, at: datetime = MONDAY, **more) -> None:
    topic.case.refresh_from_db()
    act(case=topic.case, verb=verb, by=by, at=at, version=topic.case.version, given=Given(words), **more)
    topic.refresh_from_db()


def adopted(town: Town, by: User, matter: str = "使用维修资金", *, at: datetime = MONDAY, **more) -> Topic:
    """Put forward by the desk and adopted by it."""
    topic = a_topic(town, by, at=at, **more)
    draw(topic, "adopt", by, at=at, matter=Matter.objects.get(name=matter))
    return topic


def announced(topic: Topic, by: User, *, at: datetime = MONDAY, basis: str = "owners", **more) -> Vote:
    topic.case.refresh_from_db()
    hours = {"opens_at": at + NOTICE, "closes_at": at + NOTICE + LENGTH}
    terms = {"question": "动用维修资金加装扶手", "proposals": ["同意"]} | hours | more
    return votes.announce(
        case=topic.case, by=by, at=at, version=topic.case.version, given=Given(), basis=basis, **terms
    )


def cast(vote: Vote, person: User, option: str = "同意", *, at: datetime = DURING, receipt: str = "") -> None:
    voter = votes.voices_of(vote, person)[0]
    votes.cast(voter=voter, option=vote.options.get(words=option), at=at, receipt=receipt)


def slips(*typed: str) -> tuple[urn.Slip, ...]:
    return tuple(slip for slip in map(urn.read_slip, typed) if slip)


def opened(vote: Vote, by: User, *, at: datetime = CLOSES, with_slips: list[str] = SLIPS[:2]) -> Vote:
    """Closed already, opened by two witnesses and counted."""
    vote.topic.case.refresh_from_db()
    case = vote.topic.case
    counts.open_urn(case=case, by=by, at=at, version=case.version, slips=slips(*with_slips))
    vote.refresh_from_db()
    return vote
