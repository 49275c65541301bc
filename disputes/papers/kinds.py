"""The papers, declared once: pages, the file's order and the tests read this table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from disputes.papers import contents
from disputes.papers.record import Record
from papers.sheet import Block, Sheet

DRAFT = "草稿，未签发"
HANDLES, PARTIES, APPLICANTS = "handles", "parties", "applicants"


def _once(record: Record) -> list[tuple[str, Any]]:
    return [("", None)]


def _always(record: Record) -> bool:
    return True


def _sessions(record: Record) -> list[tuple[str, Any]]:
    return [(str(session.number), session) for session in record.sessions]


def _visits(record: Record) -> list[tuple[str, Any]]:
    return [(str(number), visit) for number, visit in enumerate(record.visits, 1)]


@dataclass(frozen=True)
class Kind:
    code: str
    title: str
    entry: int
    """Where it lies in the file (司法部 2010 通知 as used): 1 to 13."""
    readers: frozenset[str]
    """Who may have it besides those who mediate: all parties, the applicants, nobody."""
    missing: Callable[[Record, Any], list[str]]
    """What it still needs, in words; nothing: it can be issued."""
    blocks: Callable[[Record, Any], Sequence[Block]]
    fits: Callable[[Record], bool] = _always
    """Whether this case has such a paper at all: an agreement is either written or oral."""
    parts: Callable[[Record], list[tuple[str, Any]]] = _once
    """One paper of the case, or one for each session and each visit: (suffix, what it is about)."""


OFFICE: frozenset[str] = frozenset()
KINDS = (
    Kind("application", "人民调解申请书", 1, frozenset({APPLICANTS}), contents.application_missing, contents.application, contents.was_asked_for),
    Kind("registration", "人民调解受理登记表", 1, OFFICE, contents.registration_missing, contents.registration),
    Kind("rights", "人民调解当事人权利义务告知书", 2, frozenset({PARTIES}), contents.nothing_missing, contents.rights),
    Kind("investigation", "人民调解调查记录", 5, OFFICE, contents.investigation_missing, contents.investigation),
    Kind("session", "人民调解记录", 7, frozenset({PARTIES}), contents.nothing_missing, contents.session_record, parts=_sessions),
    Kind("agreement", "人民调解协议书", 8, frozenset({PARTIES}), contents.agreement_missing, contents.agreement, contents.may_be_written),
    Kind("oral", "人民调解口头协议登记表", 8, frozenset({PARTIES}), contents.oral_missing, contents.oral, contents.may_be_oral),
    Kind("visit", "人民调解回访记录", 10, OFFICE, contents.nothing_missing, contents.visit, parts=_visits),
    Kind("confirmation", "司法确认申请书", 11, frozenset({PARTIES}), contents.confirmation_missing, contents.confirmation),
)  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """One paper of one case."""

    record: Record
    kind: Kind
    suffix: str
    part: Any

    @property
    def code(self) -> str:
        return f"{self.kind.code}-{self.suffix}" if self.suffix else self.kind.code

    @property
    def title(self) -> str:
        return f"{self.kind.title}（第 {self.suffix} 次）" if self.suffix else self.kind.title

    @property
    def missing(self) -> list[str]:
        return self.kind.missing(self.record, self.part)

    @property
    def sheet(self) -> Sheet:
        blocks = self.kind.blocks(self.record, self.part)
        return Sheet(self.kind.title, blocks, self.record.file_number, note=DRAFT)


def papers_of(record: Record) -> list[Paper]:
    """All papers this case can have now, in the file's order."""
    fitting = [kind for kind in KINDS if kind.fits(record)]
    return [Paper(record, kind, suffix, part) for kind in fitting for suffix, part in kind.parts(record)]
