"""What draws the arrows of a dispute and writes what belongs to each: one file a step of the way.

All acts take the turn and what was said, and raise cases.engine.turns.ArrowRefused (not from here, not by you, not now),
CaseMovedOn (somebody was faster) or ValidationError at the field concerned; then nothing has changed."""

from cases.engine import referrals
from cases.workflow import Acts
from disputes.services import acceptance, agreements, archiving, keeping, levels, mediators, opening, sessions
from disputes.services import consents as wills

ACTS: Acts = {
    **referrals.ACTS,
    "refuse": wills.refuse,
    "consent": wills.consent,
    "accept": acceptance.accept,
    "record_will": wills.record_will,
    "decline": wills.decline,
    "withdraw": wills.withdraw,
    "name_mediators": mediators.name_mediators,
    "change_mediators": mediators.change_mediators,
    "ask_mediator": mediators.ask_mediator,
    "grant_mediator": mediators.grant_mediator,
    "refuse_mediator": mediators.refuse_mediator,
    "recuse": mediators.recuse,
    "report_police": mediators.report_police,
    "cancel_session": sessions.cancel_session,
    "assent": agreements.assent,
    "record_assent": agreements.record_assent,
    "reopen": agreements.reopen,
    "record_performance": keeping.record_performance,
    "say_performed": keeping.say_performed,
    "ask_confirmation": keeping.ask_confirmation,
    "confirm": keeping.confirm,
    "visit": keeping.visit,
    "archive": archiving.archive,
    "rate": keeping.rate,
    "resume": levels.resume,
    "terminate": levels.terminate,
    "hand_up": levels.hand_up,
    "climb": levels.climb,
    "ask_extension": levels.ask_extension,
    "agree_extension": levels.agree_extension,
    "record_extension": levels.record_extension,
    "reclassify": opening.reclassify,
    "link": opening.link,
}
