"""公约: drafted clause by clause on a topic, adopted by its vote, in force until the next version is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from cases.engine.turns import Given, Turn, in_turn
from meetings.facts import topic_facts
from meetings.models import Clause, Covenant, Version
from papers.pdf import poster_pdf
from web.text import tidy

MAX_CLAUSES, MAX_WORDS = 60, 500


@in_turn
def draft(turn: Turn, given: Given, title: str, clauses: Sequence[str]) -> Version:
    """起草、修改: the draft's clauses as they now read, in order. What was said to a clause stays with its number.

    Raises ValidationError at `title` or `clauses` (none, too many, too long, one twice); ArrowRefused."""
    words = [tidy(clause) for clause in clauses if tidy(clause)]
    _check(title, words)
    turn.draw("draft", given)
    facts = topic_facts(turn.facts)
    covenant, _ = Covenant.objects.get_or_create(grid=turn.case.grid, defaults={"title": tidy(title)[:60]})
    version = facts.covenant_version or Version.objects.create(
        covenant=covenant, number=covenant.versions.count() + 1, topic=facts.topic, drafted_at=turn.at
    )
    facts.forget("covenant_version")
    if covenant.title != tidy(title):
        covenant.title = tidy(title)[:60]
        covenant.save(update_fields=["title"])
    _write_clauses(version, words)
    return version


def _write_clauses(version: Version, words: Sequence[str]) -> None:
    Clause.objects.bulk_create(
        (Clause(version=version, number=number, words=text) for number, text in enumerate(words, 1)),
        update_conflicts=True,
        unique_fields=["version", "number"],
        update_fields=["words"],
    )
    version.clauses.filter(number__gt=len(words)).delete()


def _check(title: str, words: Sequence[str]) -> None:
    if not tidy(title):
        raise ValidationError({"title": "请写公约的名称，例如“宜和佳苑小区公约”。"})
    if not words:
        raise ValidationError({"clauses": "请至少写一条。"})
    if len(words) > MAX_CLAUSES:
        raise ValidationError({"clauses": f"最多 {MAX_CLAUSES} 条，您写了 {len(words)} 条。"})
    if long := next((number for number, text in enumerate(words, 1) if len(text) > MAX_WORDS), None):
        raise ValidationError({"clauses": f"第 {long} 条超过 {MAX_WORDS} 字，请分成两条。"})
    if len(set(words)) < len(words):
        raise ValidationError({"clauses": "有两条一模一样，请删去一条。"})


def put_in_force(version: Version, *, at: datetime) -> None:
    """The version that was adopted takes the place of the one before it."""
    in_force = Version.objects.filter(covenant=version.covenant_id, until_at=None, from_at__isnull=False)
    in_force.update(until_at=at)
    Version.objects.filter(pk=version.pk).update(from_at=at)


@dataclass(frozen=True)
class Change:
    """One clause against the version before: `before` "" where it is new, `after` "" where it was dropped."""

    number: int
    before: str
    after: str

    @property
    def label(self) -> str:
        if not self.before:
            return "新增"
        if not self.after:
            return "删去"
        return "修改" if self.before != self.after else ""


def changes(version: Version) -> list[Change]:
    """What this version changes of the one in force before it, clause by clause; empty for a first version."""
    before = (
        version.covenant.versions.filter(number__lt=version.number, from_at__isnull=False).order_by("-number").first()
    )
    if before is None:
        return []
    old = [clause.words for clause in before.clauses.all()]
    new = [clause.words for clause in version.clauses.all()]
    changes: list[Change] = []
    for verb, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if verb == "equal":
            continue
        for step in range(max(i_end - i, j_end - j)):
            was = old[i + step] if i + step < i_end else ""
            now = new[j + step] if j + step < j_end else ""
            changes.append(Change((j if now else i) + step + 1, was, now))
    return changes


def poster(version: Version, *, url: str) -> bytes:
    """A page to hang up in the stairwell, as PDF, with the way to the public page as a QR code."""
    covenant = version.covenant
    if version.from_at is None:
        subtitle, foot = "（草案，征求意见）", "扫码看草案，逐条提意见。"
    else:
        subtitle = f"第 {version.number} 版，{localdate(version.from_at):%Y年%-m月%-d日}表决通过并施行"
        foot = f"{covenant.grid.name}全体业主和居民共同遵守。\n扫码看公约全文和各个版本。"
    points = [clause.words for clause in version.clauses.all()]
    return poster_pdf(title=covenant.title, subtitle=subtitle, points=points, foot=foot, url=url)
