"""What topics, votes and the 户册 hold about people. Registered when the app is ready.

What somebody voted in a secret ballot is not held; in one by name it is, until the roll is forgotten."""

from datetime import datetime

from django.db.models import QuerySet, Value
from django.db.models.functions import Replace

from accounts.models import User
from accounts.personal_data import mask_name
from accounts.privacy.holdings import Holding, Keeping
from accounts.privacy.rows import blanked, deleted, rows_of
from cases.privacy import FORGOTTEN
from meetings.models import Comment, Cosign, Tenure, Topic, Vote, Voter
from moderation.services import forget
from notices.services import forget_name
from web.moments import yes_or_no

CLEARED = (
    ("公开了没有", "clearance__state"), "clearance__verdict", "clearance__label", "clearance__reason",
)  # fmt: skip
"""What became of words that were written for everybody."""


def _door(tenure: Tenure) -> str:
    return f"{tenure.home.estate.name} {tenure.home.building.label} {tenure.home.door}"


def _topics_of(person: User) -> QuerySet[Topic]:
    topics: QuerySet[Topic] = Topic.objects.filter(case__seats__person=person, case__seats__role="asker")
    return topics


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

    forget(mine.values_list("clearance", flat=True))


def _erase_comments(person: User, at: datetime) -> None:
    """With what was thought of them."""
    theirs = Comment.objects.filter(person=person)
    clearances = list(theirs.values_list("clearance", flat=True))
    theirs.delete()
    forget(clearances)


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


_HOMES = rows_of(
    Tenure,
    "person",
    ("房屋", _door),
    ("面积（㎡）", "home__area"),
    "lives_there",
    "owns",
    "is_adult",
    "is_spokesperson",
    "from_at",
    "until_at",
    order="from_at",
    joins=("home__building", "home__estate"),
)

_PROPOSED = rows_of(
    Topic,
    _topics_of,
    ("议题", "case__title"),
    "case__number",
    "words",
    "case__opened_at",
    *CLEARED,
    order="case__opened_at",
)

_VOTED = rows_of(
    Voter,
    "person",
    "voice__vote__question",
    "voice__label",
    ("面积（㎡）", "voice__area"),
    "voice__is_cast",
    "voice__ballot__option",
    ("受人委托", lambda voter: yes_or_no(voter.given_by_id is not None)),
)

_COMMENTED = rows_of(
    Comment,
    "person",
    ("议题", "topic__case__title"),
    "words",
    "at",
    *CLEARED,
    order="at",
)

HOLDINGS = (
    Holding(
        "户册",
        _HOMES,
        deleted(Tenure, "person"),
        about="who lives in a home and who owns it",
        why="rolls of votes, nothing else; taken in by the community from the register of owners and households",
        erased="goes; the home stays with its area, its door sealed",
    ),
    Holding(
        "提出的议题",
        _PROPOSED,
        _erase_proposed,
        about="who proposed a topic",
        why="to answer them",
        erased="their words go, what was decided stays",
    ),
    Holding(
        "联署",
        rows_of(Cosign, "person", ("联署的议题", "topic__case__title"), "is_counted", "at", order="at"),
        blanked(Cosign, "person", person=None),
        about="who co-signed a topic",
        why="each once; only how many is shown",
        erased="the name goes, it stays counted",
    ),
    Holding(
        "议题的意见",
        _COMMENTED,
        _erase_comments,
        about="who commented",
        why="shown with a masked name",
        erased="goes",
    ),
    Holding(
        "表决",
        _VOTED,
        _erase_voted,
        about="who is on the roll of a vote, and in a vote by name what they voted; the three witnesses of a secret one",
        why="each once; of a secret ballot nothing is held that names anybody ([meetings.md](rooms/meetings.md))",
        erased="the name goes, the ballot stays counted",
    ),
)
KEEPINGS = (Keeping("vote_rolls", "表决名册（票数保留，不再知道谁投的）", 1095, _clear_rolls),)
