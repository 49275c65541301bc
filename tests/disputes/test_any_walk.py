"""The flow under any sequence of acts, and under many hands at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cases.engine.checks import unsound_cases
from cases.engine.turns import CaseMovedOn, Given
from cases.escalation import sweep
from cases.models import Case
from cases.services import act
from disputes.models import Agreement, Assent, Guidance, Outcome, Party, Session
from disputes.models.querysets import SETTLED
from disputes.services import levels
from tests.disputes.conftest import apply, draft, meet, take_on
from tests.support.cast import MONDAY


class Walk(RuleBasedStateMachine):
    """Parties, mediators and time do what they like; refusals are fine, broken promises are not."""

    town: object
    people: dict

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.at = MONDAY
        self.mine, self.other = self.people["resident"], self.people["neighbour"]
        self.case = apply(self.mine, self.other, self.town, key=f"walk-{Case.objects.count()}-{id(self)}")
        self.kept: tuple[int, ...] = (0, 0, 0)

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    def try_to(self, do, *args, **more) -> None:
        self.case.refresh_from_db()
        try:
            with transaction.atomic():
                do(*args, **more)
        except ValidationError:
            pass
        self.case = Case.objects.select_related("dispute").get(pk=self.case.pk)

    def draw(self, verb, by, words="说明", **more) -> None:
        self.try_to(
            lambda: act(
                case=self.case, verb=verb, by=by, at=self.at, version=self.case.version, given=Given(words), **more
            )
        )

    @property
    def leader(self):
        return self.case.holder.person

    @rule(hours=st.sampled_from([1, 30, 100, 400]))
    def time_goes_by(self, hours):
        self.at += timedelta(hours=hours)
        sweep(at=self.at)
        self.case = Case.objects.select_related("dispute").get(pk=self.case.pk)

    @rule(verb=st.sampled_from(["consent", "assent", "reopen", "rate", "ask_mediator", "agree_extension", "report_police"]),
          is_mine=st.booleans())  # fmt: skip
    def a_party_acts(self, verb, is_mine):
        more = {"score": 4} if verb == "rate" else {}
        self.draw(verb, self.mine if is_mine else self.other, **more)

    @precondition(lambda self: self.case.state not in {"registered", "archived"})
    @rule(verb=st.sampled_from(["refuse", "withdraw"]), is_mine=st.booleans(), really=st.integers(0, 6))
    def a_party_ends_it(self, verb, is_mine, really):
        if really == 0:
            self.draw(verb, self.mine if is_mine else self.other)

    @rule(
        verb=st.sampled_from(
            [
                "accept",
                "hand_up",
                "suspend",
                "resume",
                "visit",
                "archive",
                "refuse_mediator",
                "refer_police",
                "recall_police",
            ]
        )
    )
    def the_leader_acts(self, verb):
        self.draw(verb, self.leader)

    @rule(verb=st.sampled_from(["name_mediators", "change_mediators", "grant_mediator"]))
    def the_leader_mediates(self, verb):
        self.draw(verb, self.leader, mediators=[self.case.holder])

    @rule()
    def they_meet(self):
        self.try_to(lambda: meet(self.case, self.leader, at=self.at))
        self.at += timedelta(hours=1)

    @rule()
    def an_agreement_is_drafted(self):
        self.try_to(lambda: draft(self.case, self.leader, at=self.at))

    @rule(index=st.integers(0, 1))
    def a_yes_is_written_down(self, index):
        party = list(Party.objects.filter(dispute=self.case.pk).order_by("pk"))[index]
        self.draw("record_assent", self.leader, party=party, how=Assent.How.SPOKEN)

    @rule()
    def it_is_kept(self):
        agreement = Agreement.objects.filter(dispute=self.case.pk, withdrawn_at=None).first()
        if agreement:
            self.draw("record_performance", self.leader, clause=agreement.clauses.first(), degree="done")

    @rule()
    def it_is_ended(self):
        told = list(Guidance.objects.all()[:1])
        self.draw("terminate", self.leader, ending="no_agreement", guidance=told, gaps="没有文书")

    @rule(who=st.sampled_from(["branch_secretary", "community_secretary", "street_cadre"]))
    def it_is_pulled_up(self, who):
        by = self.people[who]
        self.try_to(lambda: levels.pull_up(case=self.case, by=by, at=self.at, version=None, given=Given("提级")))

    @invariant()
    def the_archive_has_an_outcome(self):
        if self.case.state == "archived":
            assert self.case.outcome in Outcome.values

    @invariant()
    def an_agreement_has_everybodys_will(self):
        parties = Party.objects.filter(dispute=self.case.pk)
        for agreement in Agreement.objects.filter(dispute=self.case.pk, effective_at__isnull=False):
            assert set(agreement.assents.values_list("party", flat=True)) == set(parties.values_list("pk", flat=True))
            assert all(party.is_willing for party in parties)
        assert (self.case.outcome in SETTLED) == Agreement.objects.filter(
            dispute=self.case.pk, effective_at__isnull=False
        ).exists()

    @invariant()
    def nothing_is_lost_on_the_way_up(self):
        counted = (
            Session.objects.filter(dispute=self.case.pk).count(),
            Agreement.objects.filter(dispute=self.case.pk).count(),
            self.case.events.count(),
        )
        assert all(now >= before for now, before in zip(counted, self.kept, strict=True))
        assert Party.objects.filter(dispute=self.case.pk).count() == 2
        self.kept = counted

    @invariant()
    def the_case_is_sound(self):
        assert [fault for fault in unsound_cases() if self.case.number in fault] == []


def test_any_walk_keeps_the_promises(dispute_defaults, town, staff, police, resident, neighbour):
    Walk.town, Walk.people = town, {**staff, "resident": resident, "neighbour": neighbour}
    run_state_machine_as_test(
        Walk,
        settings=hypothesis_settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),  # fmt: skip
    )


@pytest.mark.django_db(transaction=True)
def test_fifty_mediators_closing_one_case_close_it_once(
    dispute_defaults, town, staff, resident, neighbour, group_leader, branch_secretary, secretary
):
    case = apply(resident, neighbour, town)
    take_on(case, group_leader, neighbour)
    for leader in (group_leader, branch_secretary):
        case.refresh_from_db()
        levels.hand_up(case=case, by=leader, at=MONDAY, version=case.version, given=Given("请上一级"))
    version, ways = case.version, list(Guidance.objects.all()[:1])

    def close(_):
        try:
            levels.terminate(
                case=Case.objects.get(pk=case.pk),
                by=secretary,
                at=MONDAY,
                version=version,
                given=Given("谈不拢"),
                ending="no_agreement",
                guidance=ways,
                gaps="没有文书",
            )
        except CaseMovedOn:
            return "moved on"
        finally:
            connection.close()
        return "closed"

    with ThreadPoolExecutor(50) as hands:
        answers = list(hands.map(close, range(50)))
    assert sorted(answers) == ["closed"] + ["moved on"] * 49
    assert case.events.filter(verb="terminate").count() == 1
