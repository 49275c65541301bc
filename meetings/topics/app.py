"""Acts on topics with a form of their own, for apps (cases/api/acts.py). The slips of a secret urn are shown once, to be copied by
hand from the screen of the desk, so it is announced and opened there alone."""

from datetime import datetime

from django.core.exceptions import ValidationError

from accounts.models import User
from cases.api.acts import OwnAct
from cases.engine.facts import facts_of
from cases.engine.turns import Given
from cases.models import Case
from meetings.covenants import services as covenants
from meetings.facts import topic_facts
from meetings.topics.forms import DraftForm, VoteChangeForm, VoteForm
from meetings.votes import services as votes


def _draft(case: Case, form: DraftForm, by: User, at: datetime) -> None:
    cleaned = form.cleaned_data
    covenants.draft(
        case=case,
        by=by,
        at=at,
        version=cleaned["version"],
        given=Given(),
        title=cleaned["title"],
        clauses=cleaned["clauses"].split("\n"),
    )


def _announce(case: Case, form: VoteForm, by: User, at: datetime) -> None:
    asked = dict(form.arguments)
    if asked.pop("is_secret"):
        raise ValidationError(
            {"is_secret": "无记名表决要在社区的电脑上发起：两张钥匙纸条只显示一次，请监票人当场抄下。"}
        )
    votes.announce(case=case, by=by, at=at, version=form.cleaned_data["version"], given=Given(), **asked)


def _change_vote(case: Case, form: VoteChangeForm, by: User, at: datetime) -> None:
    vote = topic_facts(facts_of(case)).running_vote
    if vote is None:
        raise ValidationError("现在没有正在进行的表决。")
    votes.change(vote=vote, by=by, at=at, version=form.cleaned_data["version"], **form.arguments)


ACTS = {
    "draft": OwnAct(lambda case, data, files: DraftForm(data), _draft),
    "announce": OwnAct(lambda case, data, files: VoteForm(data, case=case), _announce),
    "change_vote": OwnAct(lambda case, data, files: VoteChangeForm(data), _change_vote),
}
