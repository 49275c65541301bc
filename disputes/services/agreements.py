"""Reaching an agreement: drafted with what the law asks for, in force when every party has said yes to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from cases.engine.turns import ArrowRefused, Given, Turn, in_turn
from cases.limits import running as limits
from cases.limits.clock import Limit, Unit
from cases.models import Case
from disputes.facts import OF_AGREEMENT, facts_of_dispute
from disputes.guards.mediation import level_of
from disputes.models import Agreement, Assent, Clause, Form, Outcome, Party, Signature
from disputes.papers.text import checksum
from disputes.services.consents import own_party, party_in
from disputes.services.guardians import without_guardian
from papers.files import paper_path, sealed
from photos.cleaning import Photo
from photos.storing import store
from web.text import article, tidy

MAX_TEXT = 2000
MAX_HOW = 200
MAX_CLAUSES = 20
CONFIRMATION = Limit(30, Unit.DAY)
"""民事诉讼法 205: asked for jointly within 30 days of effect. Fixed by law, so no setting: as a 法定期间 it ends on the next
working day where the thirtieth is a day off."""


@dataclass(frozen=True)
class ClauseSaid:
    what: str
    how: str
    deadline: date | None


class ClauseRefused(ValidationError):
    """What is wrong with one clause, and which of its fields is to be looked at again."""

    def __init__(self, number: int, field: str, words: str) -> None:
        super().__init__({"clauses": f"{article(number)}：{words}"})
        self.number, self.field, self.words = number, field, words


def current_agreement(case: Case) -> Agreement | None:
    """The agreement that is being confirmed or in force."""
    return facts_of_dispute(case).agreement


@in_turn
def draft_agreement(
    turn: Turn,
    form: str,
    facts: str,
    responsibilities: str,
    clauses: Sequence[ClauseSaid],
    settles_status: bool | None = None,
) -> Agreement:
    """拟定协议, with what 人民调解法 29 asks for: the parties stand on the case; facts, dispute and responsibilities; each
    clause with its manner and deadline of performance. `settles_status`: whether it confirms or ends a marriage, an
    adoption or a kinship; None where nobody was asked.

    Raises ValidationError at `facts`, `responsibilities` or `clauses`, ClauseRefused for one of them, at `form` where an
    oral one is to be performed later (宁波、深圳条例: then in writing)."""
    today = localdate(turn.at)
    facts = _text("facts", facts, "请写明主要事实和争议的是什么。")
    responsibilities = _text("responsibilities", responsibilities, "请写明各方的责任。")
    checked = [_checked(number, clause, today) for number, clause in enumerate(clauses, 1)]
    if not checked:
        raise ValidationError({"clauses": "协议至少要有一条：做什么、怎么做、什么时候前做完。"})
    if len(checked) > MAX_CLAUSES:
        raise ValidationError({"clauses": f"最多 {MAX_CLAUSES} 条。"})
    if form == Form.ORAL and (later := [number for number, clause in enumerate(checked, 1) if clause[2] > today]):
        raise ValidationError(
            {"form": f"口头协议只用于当场履行完的。{article(later[0])}今天以后才履行，请选书面协议。"}
        )
    turn.draw("draft_agreement", Given(facts={"form": form}))
    agreement = Agreement.objects.create(
        dispute_id=turn.case.pk,
        form=form,
        facts=facts,
        responsibilities=responsibilities,
        drafted_by=turn.person,
        drafted_at=turn.at,
        settles_status=settles_status,
    )
    Clause.objects.bulk_create(
        Clause(agreement=agreement, number=number, what=what, how=how, deadline=deadline)
        for number, (what, how, deadline) in enumerate(checked, 1)
    )
    turn.facts.forget(*OF_AGREEMENT)
    return agreement


def _text(name: str, raw: str, missing: str) -> str:
    text = tidy(raw)
    if not text:
        raise ValidationError({name: missing})
    if len(text) > MAX_TEXT:
        raise ValidationError({name: f"最多 {MAX_TEXT} 字，您写了 {len(text)} 字，请精简一些。"})
    return text


def _checked(number: int, clause: ClauseSaid, today: date) -> tuple[str, str, date]:
    """What, how and by when. Raises ClauseRefused."""
    what, how, deadline = tidy(clause.what), tidy(clause.how), clause.deadline
    if not what:
        raise ClauseRefused(number, "what", "没有写做什么。")
    if len(what) > MAX_TEXT:
        raise ClauseRefused(number, "what", f"最多 {MAX_TEXT} 字，您写了 {len(what)} 字，请拆成几条。")
    if not how:
        raise ClauseRefused(number, "how", "没有写怎么履行，例如“当场付现金”“银行转账”。")
    if len(how) > MAX_HOW:
        raise ClauseRefused(number, "how", f"履行方式最多 {MAX_HOW} 字，您写了 {len(how)} 字。")
    if deadline is None:
        raise ClauseRefused(number, "deadline", "没有写履行期限。当场履行的写今天。")
    if deadline < today:
        raise ClauseRefused(number, "deadline", "履行期限已经过去，当场履行的写今天。")
    return what, how, deadline


@in_turn
def assent(turn: Turn, given: Given) -> None:
    """确认协议, by a party on their own phone. The last one brings it into force."""
    turn.draw("assent")
    write_assent(turn, own_party(turn), Assent.How.ONLINE)


@in_turn
def record_assent(turn: Turn, given: Given, party: Party, how: str, scan: Photo | None = None) -> None:
    """A party's yes said or signed before a mediator (30: an oral agreement is recorded by the mediator). `scan`: of the
    signature on paper; without it the paper itself lies in the file.

    Raises ValidationError at `party` (not of this case, has confirmed, or is a minor without a guardian) or `scan` (nothing
    was signed, or it cannot be stored)."""
    party = party_in(turn, party)
    if scan is not None and how != Assent.How.PAPER:
        raise ValidationError({"scan": "口头确认没有签名。上传签名的，请选“纸面签字”。"})
    if why := without_guardian(party, turn.at):
        raise ValidationError({"party": why})
    if any(assent.party_id == party.pk for assent in facts_of_dispute(turn.case).assents):
        raise ValidationError({"party": f"{party.title}已经确认过这份协议。"})
    turn.draw("record_assent", Given(facts={"party": party.pk, "how": how}))
    made = write_assent(turn, party, how)
    if scan is not None:
        keep_signature(made, scan, Signature.How.SCAN)


def write_assent(turn: Turn, party: Party, how: str) -> Assent:
    """A yes to the agreement that stands. The last one brings it into force. Raises ArrowRefused: a minor without a
    guardian."""
    if why := without_guardian(party, turn.at):
        raise ArrowRefused(why)
    facts = facts_of_dispute(turn.case)
    assert facts.agreement is not None, "there is an agreement where it can be confirmed"
    before = facts.assents
    made = Assent.objects.create(agreement=facts.agreement, party=party, how=how, at=turn.at, recorded_by=turn.person)
    before.append(made)
    if len(facts.assents) == len(facts.parties):
        _take_effect(turn, facts.agreement, facts.clauses)
    return made


def keep_signature(assent: Assent, picture: Photo, how: str) -> None:
    """Under the text as it stands now. One that stood under another text is put away. Raises ValidationError at `scan` when
    it cannot be stored."""
    (name,) = store([sealed(picture.content)], path=paper_path, at="scan", what="签名", needed=True)
    kept = {"how": how, "text_sha256": checksum(assent.agreement), "file": name}
    Signature.objects.update_or_create(assent=assent, defaults=kept)


def _take_effect(turn: Turn, agreement: Agreement, clauses: Sequence[Clause]) -> None:
    """达成协议 (29, 30): binding from now on (31), and from now on the court can be asked to confirm it."""
    case, at = turn.case, turn.at
    grace = limits.limit_for(kind=case.kind, stage="perform", category=case.category, urgency=case.urgency)
    days = max([0, *((clause.deadline - localdate(at)).days for clause in clauses)])
    outcome = Outcome.SETTLED_WRITTEN if agreement.form == Form.WRITTEN else Outcome.SETTLED_ORAL
    turn.draw("take_effect", by_itself=True, limit=Limit(days + grace.amount, Unit.DAY), outcome=outcome)
    agreement.effective_at = at
    agreement.confirm_by_at = limits.run(limit=CONFIRMATION, from_at=at).until_at
    turn.also(agreement)
    case.dispute = agreement.dispute
    case.dispute.settled_level = level_of(case)
    case.dispute.result = "；".join(clause.what for clause in clauses)[:MAX_TEXT]
    turn.also(case.dispute)


@in_turn
def reopen(turn: Turn, given: Given) -> None:
    """再商量: somebody does not agree with the draft; it is put aside, not changed, and the next one begins with it."""
    turn.draw("reopen", given)
    Agreement.objects.filter(dispute=turn.case.pk, withdrawn_at=None).update(withdrawn_at=turn.at)
    turn.facts.forget(*OF_AGREEMENT)


def put_aside(case: Case) -> Agreement | None:
    """The latest draft that somebody did not agree with."""
    return Agreement.objects.filter(dispute=case.pk).exclude(withdrawn_at=None).order_by("-pk").first()


def confirmation_days_left(agreement: Agreement, at: datetime) -> int:
    """Days in which the court can still be asked; 0 when none are left."""
    if agreement.confirm_by_at is None or agreement.confirm_by_at <= at:
        return 0
    return (agreement.confirm_by_at - at) // timedelta(days=1) + 1
