"""Acts of mediators with a form of their own, for apps (cases/api/acts.py). 提级 is on its page alone: the case shows nothing but
its type and place to whoever draws it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from cases.api.acts import OwnAct
from cases.models import Case
from disputes.forms.pages import AgreementForm, ClauseForms, PartyForm, RecordForm, SessionForm
from disputes.forms.papers import SignForm
from disputes.services import agreements, opening, sessions, signing
from disputes.services.agreements import ClauseSaid


def _add_party(case: Case, form: PartyForm, by: User, at: datetime) -> None:
    opening.add_party(case=case, by=by, at=at, version=case.version, party=form.party)


def _plan_session(case: Case, form: SessionForm, by: User, at: datetime) -> None:
    sessions.plan_session(case=case, by=by, at=at, **form.cleaned_data)


def _record_session(case: Case, form: RecordForm, by: User, at: datetime) -> None:
    sessions.record_session(case=case, by=by, at=at, **form.cleaned_data)


def _draft_agreement(case: Case, form: AgreementForm, by: User, at: datetime) -> None:
    """Its clauses are sent as the page sends them: clause-TOTAL_FORMS, clause-0-what, clause-0-how, clause-0-deadline …"""
    clauses = ClauseForms(form.data, prefix="clause")
    if not clauses.is_valid():
        errors: dict[str, Any] = {}
        for clause in clauses:
            errors |= {f"{clause.prefix}-{name}": faults for name, faults in clause.errors.as_data().items()}
        raise ValidationError(errors or list(clauses.non_form_errors()) or "请写出条款。")
    given = [ClauseSaid(**clause.cleaned_data) for clause in clauses if clause.has_changed()]
    agreements.draft_agreement(case=case, by=by, at=at, clauses=given, **form.cleaned_data)


def _sign(case: Case, form: SignForm, by: User, at: datetime) -> None:
    given = {name: form.cleaned_data[name] for name in ("version", "text_sha256", "picture", "how")}
    signing.sign(case=case, by=by, at=at, **given)


ACTS = {
    "add_party": OwnAct(lambda case, data, files: PartyForm(data), _add_party),
    "plan_session": OwnAct(lambda case, data, files: SessionForm(data), _plan_session),
    "record_session": OwnAct(lambda case, data, files: RecordForm(data, case=case), _record_session),
    "draft_agreement": OwnAct(lambda case, data, files: AgreementForm(data, case=case, earlier=None), _draft_agreement),
    "sign": OwnAct(lambda case, data, files: SignForm(data, files), _sign),
}
