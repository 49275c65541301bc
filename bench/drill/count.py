"""The count at the end: what people were told against what the database holds. Asks tables, not services: what is proved
is not asked whether it is right."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.drill.book import Book, Done, Told
from bench.drill.portal import Portal

COMMANDS = (("recount", "--verify"), ("check_cases",), ("check_trees",), ("check_notices",), ("verify_audit",))


@dataclass
class Count:
    told: int = 0
    done: int = 0
    messages: int = 0
    photos: int = 0
    lost: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Token of a request -> what of it is not there."""
    doubled: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    checks: dict[str, str] = field(default_factory=dict)
    """Command -> the last line it said, if it found something wrong."""

    @property
    def is_clean(self) -> bool:
        return not self.lost and not self.doubled and not self.checks


@dataclass(frozen=True)
class Kept:
    """What the database holds, as rows."""

    cases: Sequence[tuple[str, str]]
    """Token and number of each case that carries a token."""
    held: set[str]
    """Numbers of those with a person responsible."""
    events: Counter[tuple[str, str]]
    """Number and verb -> how often."""
    messages: Counter[tuple[str, int, str]]
    """Number, person, words -> how often."""
    expected: Sequence[tuple[str, int]]
    """Number and person: for each event of a case that somebody is told of, once a person."""
    photos: Counter[str]
    """Number -> photos whose files are there and whole."""
    unsent: Counter[str]
    """Number -> messages not delivered."""


def compare(book: Book, kept: Kept) -> Count:
    count = Count(len(book.told), len(book.done), sum(kept.messages.values()), sum(kept.photos.values()))
    _requests(book.told, kept, count)
    _acts(book.done, kept, count, {told.number: told.token for told in book.told})
    _messages(kept, count, dict((number, token) for token, number in kept.cases))
    return count


def _requests(told: Sequence[Told], kept: Kept, count: Count) -> None:
    numbers: dict[str, set[str]] = defaultdict(set)
    for token, number in kept.cases:
        numbers[token].add(number)
    answers: dict[str, set[str]] = defaultdict(set)
    for answer in told:
        answers[answer.token].add(answer.number)
        if answer.number not in numbers[answer.token]:
            count.lost[answer.token].append(f"{answer.number} was acknowledged and is not there")
        elif answer.number not in kept.held:
            count.lost[answer.token].append(f"{answer.number} has nobody responsible")
        if kept.photos[answer.number] < answer.photos:
            count.lost[answer.token].append(
                f"{answer.number} has {kept.photos[answer.number]} photos of {answer.photos}"
            )
        elif kept.photos[answer.number] > max(answer.photos, 1):
            count.doubled[answer.token].append(f"{answer.number} has {kept.photos[answer.number]} photos")
    for token in numbers.keys() | answers.keys():
        if len(numbers[token] | answers[token]) > 1:
            count.doubled[token].append(", ".join(sorted(numbers[token] | answers[token])))


def _acts(done: Sequence[Done], kept: Kept, count: Count, tokens: dict[str, str]) -> None:
    for act in done:
        if not kept.events[act.number, act.verb]:
            count.lost[tokens.get(act.number, act.number)].append(f"{act.verb} of {act.number} was acknowledged")
    for (number, verb), times in kept.events.items():
        if times > 1 and verb in {"open", "dispatch", "sign", "finish"}:
            count.doubled[tokens.get(number, number)].append(f"{verb} of {number} {times} times")


def _messages(kept: Kept, count: Count, tokens: dict[str, str]) -> None:
    """Each event told once to each person: no fewer messages than events that tell, none with the same words twice."""
    sent: Counter[tuple[str, int]] = Counter()
    for (number, person, words), times in kept.messages.items():
        sent[number, person] += times
        if times > 1:
            count.doubled[tokens[number]].append(f"{times} times the same message about {number}: {words}")
    for (number, person), times in Counter(kept.expected).items():
        if sent[number, person] < times:
            count.lost[tokens[number]].append(f"{times - sent[number, person]} messages about {number}")
    for number, unsent in kept.unsent.items():
        count.lost[tokens[number]].append(f"{unsent} messages about {number} not delivered")


def read(*, words: str, acted_on: set[str]) -> Kept:
    """All cases whose text holds `words` and a token, and the events of those that leaders acted on. Wants Django set up
    on the portal's database."""
    from django.conf import settings
    from django.db.models import F

    from cases.models import Attachment, Case, CaseEvent
    from notices.models import Notice

    ours = Case.objects.filter(request__words__contains=words)
    rows = list(ours.values_list("request__words", "number", "holder"))
    numbers = {number for _, number, _ in rows}
    paths = {f"/cases/{number}/": number for number in numbers}
    events = list(CaseEvent.objects.filter(case__number__in=numbers | acted_on).values_list("case__number", "verb"))
    notices = list(Notice.objects.filter(path__in=paths))
    tellers = CaseEvent.objects.filter(case__in=ours, verb__in=("dispatch", "sign", "finish"))
    askers = tellers.filter(case__seats__role="asker").values_list("case__number", "case__seats__person")
    holders = tellers.filter(verb="dispatch").values_list("case__number", F("holder__person"))
    attachments = Attachment.objects.filter(case__in=ours).values_list("case__number", "file", "thumbnail")
    return Kept(
        cases=[(text.partition(words)[2][:5], number) for text, number, _ in rows],
        held={number for _, number, holder in rows if holder is not None},
        events=Counter(events),
        messages=Counter((paths[notice.path], notice.person_id, notice.words) for notice in notices),
        expected=[*askers, *holders],
        photos=Counter(
            number
            for number, *files in attachments
            if all(_is_whole(Path(settings.MEDIA_ROOT) / file) for file in files)
        ),
        unsent=Counter(paths[notice.path] for notice in notices if notice.sent_at is None),
    )


def _is_whole(path: Path) -> bool:
    from PIL import Image

    try:
        with Image.open(path) as picture:
            picture.load()
    except OSError:
        return False
    return True


def run_checks(portal: Portal) -> Iterable[tuple[str, str]]:
    """The portal's own proofs; each that does not hold, with what it says."""
    for words in COMMANDS:
        checked = portal.manage(*words)
        if checked.returncode:
            lines = (checked.stdout + checked.stderr).strip().splitlines()
            yield " ".join(words), lines[-1] if lines else f"ended with {checked.returncode}"
