"""What topics, votes and the 户册 hold about people. Registered when the app is ready.

What somebody voted in a secret ballot is not held; in one by name it is, until the roll is forgotten."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Replace

from accounts.models import User
from accounts.personal_data import mask_name
from accounts.privacy.holdings import Holding, Keeping
from cases.privacy import FORGOTTEN
from meetings.models import Comment, Cosign, Tenure, Topic, Vote, Voter
from notices.services import forget_name
from web.moments import yes_or_no


def _homes(person: User) -> Iterator[dict[str, Any]]:
    for tenure in (
        Tenure.objects.filter(person=person).select_related("home__building", "home__estate").order_by("from_at")
    ):
        yield {
            "房屋": f"{tenure.home.estate.name} {tenure.home.building.label} {tenure.home.door}",
            "面积（㎡）": tenure.home.area, "住在这里": yes_or_no(tenure.lives_there), "是业主": yes_or_no(tenure.owns),
            "起": tenure.from_at, "止": tenure.until_at,
        }  # fmt: skip


def _erase_homes(person: User, at: datetime) -> None:
    """The home stays with its area, which votes need; nobody stands at it any more."""
    Tenure.objects.filter(person=person).delete()


def _topics_of(person: User) -> QuerySet[Topic]:
    topics: QuerySet[Topic] = Topic.objects.filter(case__seats__person=person, case__seats__role="asker")
    return topics


def _proposed(person: User) -> Iterator[dict[str, Any]]:
    for topic in _topics_of(person).select_related("case").order_by("case__opened_at"):
        yield {"议题": topic.case.title, "编号": topic.case.number, "说明": topic.words, "时间": topic.case.opened_at}


def _erase_proposed(person: User, at: datetime) -> None:
    """What was decided stays, without the name where it stands in it; the words of who proposed it go."""
    mine = _topics_of(person).select_related("case").prefetch_related("votes")
    named = Value(person.name), Value(mask_name(person.name))
    for topic in mine:
        Topic.objects.filter(pk=topic.pk).update(
            words=FORGOTTEN, submit_key=f"forgotten:{topic.pk}", agreed=Replace("agreed", *named)
        )
        topic.votes.update(question=Replace("question", *named))
        paths = [topic.get_absolute_url(), *(vote.get_absolute_url() for vote in topic.votes.all())]
        forget_name(name=person.name, paths=paths)


def _cosigned(person: User) -> Iterator[dict[str, Any]]:
    for cosign in Cosign.objects.filter(person=person).select_related("topic__case").order_by("at"):
        yield {"联署的议题": cosign.topic.case.title, "计入人数": yes_or_no(cosign.is_counted), "时间": cosign.at}


def _erase_cosigned(person: User, at: datetime) -> None:
    """That somebody co-signed stays counted."""
    Cosign.objects.filter(person=person).update(person=None)


def _comments(person: User) -> Iterator[dict[str, Any]]:
    for comment in Comment.objects.filter(person=person).select_related("topic__case").order_by("at"):
        yield {
            "议题": comment.topic.case.title,
            "意见": comment.words,
            "时间": comment.at,
            "隐藏理由": comment.hidden_why,
        }


def _erase_comments(person: User, at: datetime) -> None:
    Comment.objects.filter(person=person).delete()


def _voted(person: User) -> Iterator[dict[str, Any]]:
    for voter in (
        Voter.objects.filter(person=person).select_related("voice__vote", "voice__ballot__option").order_by("pk")
    ):
        ballot = getattr(voter.voice, "ballot", None)
        yield {
            "表决": voter.voice.vote.question, "名册上": voter.voice.label, "已投": yes_or_no(voter.voice.is_cast),
            "选项": ballot.option.words if ballot else "", "受人委托": yes_or_no(voter.given_by_id is not None),
        }  # fmt: skip


def _erase_voted(person: User, at: datetime) -> None:
    """The roll and the count stay, without this name, also where it is that of a witness."""
    watched = Vote.objects.filter(voices__voters__person=person, witnesses__contains=person.name)
    named = Value(person.name), Value(mask_name(person.name))
    Vote.objects.filter(pk__in=watched.values("pk")).update(witnesses=Replace("witnesses", *named))
    Voter.objects.filter(person=person).delete()
    Voter.objects.filter(given_by=person).delete()


def _clear_rolls(before: datetime, at: datetime) -> int:
    """Names, those of witnesses too, and doors leave the rolls of votes closed before; counts and options stay, which
    ballot was whose does not."""
    old = Vote.objects.filter(closes_at__lt=before)
    old.exclude(witnesses="").update(witnesses="")
    count, _ = Voter.objects.filter(voice__vote__in=old).delete()
    return count


HOLDINGS = (
    Holding(
        "户册",
        _homes,
        _erase_homes,
        about="who lives in a home and who owns it",
        why="rolls of votes, nothing else; taken in by the community from the register of owners and households",
        erased="goes; the home stays with its area, its door sealed",
    ),
    Holding(
        "提出的议题",
        _proposed,
        _erase_proposed,
        about="who proposed a topic",
        why="to answer them",
        erased="their words go, what was decided stays",
    ),
    Holding(
        "联署",
        _cosigned,
        _erase_cosigned,
        about="who co-signed a topic",
        why="each once; only how many is shown",
        erased="the name goes, it stays counted",
    ),
    Holding(
        "议题的意见",
        _comments,
        _erase_comments,
        about="who commented",
        why="shown with a masked name",
        erased="goes",
    ),
    Holding(
        "表决",
        _voted,
        _erase_voted,
        about="who is on the roll of a vote, and in a vote by name what they voted; the three witnesses of a secret one",
        why="each once; of a secret ballot nothing is held that names anybody ([meetings.md](rooms/meetings.md))",
        erased="the name goes, the ballot stays counted",
    ),
)
KEEPINGS = (Keeping("vote_rolls", "表决名册（票数保留，不再知道谁投的）", 1095, _clear_rolls),)
