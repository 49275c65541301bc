"""Topics: proposed, co-signed, screened, talked over, carried out. Votes on them are in votes.py."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import get_current_timezone, localdate

from accounts.models import User
from accounts.numbers import mask_numbers
from cases.engine.acts import with_facts
from cases.engine.opening import Opening, open_case
from cases.engine.turns import ArrowRefused, Given, Turn, in_turn, turn_on
from cases.models import Case
from cases.services import move
from grids.models import Grid, Level, Post
from grids.rights.jurisdiction import may, posts_of
from meetings.facts import topic_facts
from meetings.homes.roster import has_home
from meetings.models import Clause, Comment, Cosign, Matter, Topic, TopicTask
from meetings.topics.agreed import hand_out_agreed
from meetings.topics.subjects import COMMENT, TOPIC, words_of
from meetings.workflow import KIND
from moderation.services import accept, submit
from web.text import tidy

MAX_WORDS = 2000
NODES = (Level.COMMUNITY, Level.ESTATE)
"""Where there is something to settle together: a community, or a 小区 in it."""


def propose(*, grid: Grid, title: str, words: str, by: User, at: datetime, submit_key: str) -> Topic:
    """A new topic. Staff and grid leaders put theirs forward at once; a resident's first looks for co-signers, who are
    shown who else signed by number only. What the desk of the place puts forward is the community's, and nobody's own
    matter. The same `submit_key` twice is one topic.

    Raises ValidationError at `grid` (no community or 小区, merged away, nobody in post), `title` or `words`."""
    if grid.level not in NODES:
        raise ValidationError({"grid": "请选择社区或小区。"})
    if not tidy(title):
        raise ValidationError({"title": "请用一句话写明想商量什么。"})
    if not tidy(words):
        raise ValidationError({"words": "请写几句话：为什么提、想怎么办。"})
    if earlier := Topic.objects.filter(submit_key=submit_key).first():
        return earlier
    is_post = bool(posts_of(by, at=at))
    try:
        with transaction.atomic():
            asker = None if may(by, "dispatch", grid, at=at) else by
            opening = Opening(kind=KIND, grid=grid, title=tidy(title), place=grid.name, asker=asker, by=by)
            case = open_case(opening, at=at)
            masked = mask_numbers(tidy(words))
            clearance = submit(subject=TOPIC.code, words=words_of(case.title, masked), writer=asker, at=at)
            topic = Topic.objects.create(
                case=case,
                words=masked,
                submit_key=submit_key,
                clearance=clearance,
                cosign_needed=0 if is_post else settings.TOPIC_COSIGNERS,
            )
            if not topic.cosign_needed:
                move(case=case, verb="put_forward", by=None, at=at)
    except IntegrityError:  # the same key came twice in the same moment
        return Topic.objects.get(submit_key=submit_key)
    return topic


def cosign(*, topic: Topic, person: User, at: datetime) -> Cosign:
    """联署. Whoever has a home there counts, as the 户册 says on that day; others support it, and count once they are in the
    户册 and co-sign again. Twice is once; the last one that was needed puts the topic forward.

    Raises ArrowRefused: it looks for co-signers no more, or it is one's own."""
    with turn_on(topic.case, by=None, at=at) as turn:  # two last co-signers stand in line
        is_counted = has_home(person, turn.case.grid, at=at)
        own = Cosign.objects.filter(topic=topic, person=person).first()
        if own is not None and (own.is_counted or not is_counted):
            return own
        if turn.case.state != "seconding":
            raise ArrowRefused(f"现在是“{turn.case.state_label}”，不用联署了。")
        if any(seat.person_id == person.pk for seat in turn.facts.every_seat):
            raise ArrowRefused("这是您自己提的议题，请让邻居来联署。")
        own = own or Cosign(topic=topic, person=person)
        own.is_counted, own.at = is_counted, at
        own.save()
        if topic_facts(turn.facts).has_enough_cosigners:
            turn.draw("put_forward")
        return own


@in_turn
def adopt(turn: Turn, given: Given, matter: Matter) -> None:
    """立项: what kind of matter it is says which body decides. Whoever adopts it has read it, so its words are shown from now
    on. Raises ValidationError at `matter` where that body is not of this place."""
    accept(clearance_id=topic_facts(turn.facts).topic.clearance_id, by=turn.person, at=turn.at)
    _take_matter(turn, "adopt", given, matter)


@in_turn
def sort(turn: Turn, given: Given, matter: Matter) -> None:
    """改事项类别, before it is voted on (again). A draft covenant stays one."""
    if topic_facts(turn.facts).covenant_version is not None and not matter.is_covenant:
        raise ValidationError({"matter": "这件议题已经起草公约，不能改成别的事项。"})
    _take_matter(turn, "sort", given, matter)


def _take_matter(turn: Turn, verb: str, given: Given, matter: Matter) -> None:
    if refusal := matter.refusal(turn.case.grid.level):
        raise ValidationError({"matter": refusal})
    turn.draw(verb, with_facts(given, matter=matter.pk))
    Topic.objects.filter(pk=turn.case.pk).update(matter=matter)
    turn.facts.forget("topic")


@in_turn
def agree(turn: Turn, given: Given) -> None:
    """协商一致: what was agreed, where the law asks for no vote."""
    turn.draw("agree", given, outcome="agreed")
    Topic.objects.filter(pk=turn.case.pk).update(agreed=tidy(given.words))


@in_turn
def hand_out(turn: Turn, given: Given, post: Post, what: str, by_date: date) -> Case:
    """交办落实: a task with a holder and a limit, as often as there is something to do. Raises ValidationError at `what`,
    `by_date` or `post`."""
    case = turn.case
    made = hand_out_agreed(
        what=what,
        why=f"落实议题“{case.title}”（{case.number}）：{tidy(what)}",
        grid=case.grid,
        post=post,
        by_date=by_date,
        asker=turn.person,
        by=turn.person,
        at=turn.at,
    )
    words = f"{tidy(what)}。由{post.words}负责，{by_date:%Y年%-m月%-d日}前完成。"
    turn.draw("hand_out", Given(words, facts={"task": made.number, "post": post.pk}))
    TopicTask.objects.create(topic_id=case.pk, case=made)
    turn.facts.forget("tasks")
    return made


def comment(*, topic: Topic, person: User, words: str, at: datetime, clause: Clause | None = None) -> Comment:
    """A word on the topic, or on one clause of its draft, while it is talked over.

    Raises ValidationError at `words`; ArrowRefused when it is not the time, or the clause is of another draft."""
    if not tidy(words):
        raise ValidationError({"words": "请写下您的意见。"})
    if topic.case.state != "discussing":
        raise ArrowRefused(f"现在是“{topic.case.state_label}”，不再收意见。")
    if clause is not None and clause.version.topic_id != topic.pk:
        raise ArrowRefused("这一条不在这份草案里。")
    masked = mask_numbers(tidy(words))
    is_desk = may(person, "dispatch", topic.case.grid, at=at)
    with transaction.atomic():
        clearance = submit(subject=COMMENT.code, words=masked, writer=None if is_desk else person, at=at)
        return Comment.objects.create(
            topic=topic, clause=clause, person=person, words=masked, at=at, clearance=clearance
        )


def day_of(days: int, *, at: datetime) -> datetime:
    """Six in the evening, so many days after today."""
    return datetime.combine(localdate(at) + timedelta(days=days), time(18), get_current_timezone())
