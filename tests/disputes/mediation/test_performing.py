"""What is agreed and how it is done: oral only on the spot, a draft that is talked over again, parties' own word on it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.privacy import rights
from cases.engine.turns import ArrowRefused
from cases.models import Attachment
from disputes.models import Agreement, Clause, PerformanceSaid
from disputes.services.agreements import ClauseSaid
from tests.dashboards.cuts import kept
from tests.disputes.conftest import clause, draft, meet, settle, take_on
from tests.photos.pictures import picture
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.heard import heard
from tests.support.pages import inside

TODAY = localdate(MONDAY)
AGREEMENT = "//section[@aria-labelledby='agreement']"


@pytest.fixture
def talked(dispute, group_leader, neighbour):
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    return dispute


@pytest.fixture
def performing(dispute, group_leader, resident, neighbour):
    take_on(dispute, group_leader, neighbour)
    settle(dispute, group_leader, resident, neighbour)
    return dispute


def test_oral_is_only_what_is_done_on_the_spot(talked, group_leader):
    clauses = [clause(by=TODAY), clause(by=TODAY + timedelta(days=1))]
    with pytest.raises(ValidationError, match="第二条") as refusal:
        draft(talked, group_leader, clauses=clauses)
    assert "form" in refusal.value.message_dict
    draft(talked, group_leader, form="written", clauses=clauses)
    assert Agreement.objects.get().form == "written"


def said_on_page(case, **more):
    later = timezone.localdate() + timedelta(days=7)
    return {
        "version": case.version,
        "facts": "空调滴水",
        "responsibilities": "赵建国",
        "clause-TOTAL_FORMS": 1,
        "clause-INITIAL_FORMS": 0,
        "clause-0-what": "修好𠮷",
        "clause-0-how": "上门",
        "clause-0-deadline": f"{later}",
        **more,
    }


def test_the_form_is_chosen_not_given(talked, group_leader):
    client, url = signed_in(group_leader), f"/disputes/{talked.number}/agreement/"
    assert client.get(url).context["form"]["form"].value() is None
    talked.refresh_from_db()
    page = client.post(url, said_on_page(talked))
    assert "请选择" in page.context["form"].errors["form"][0]
    page = client.post(url, said_on_page(talked, form="oral"))
    assert "请选书面协议" in page.context["form"].errors["form"][0]
    assert page.context["clauses"].forms[0]["what"].value() == "修好𠮷"
    assert client.post(url, said_on_page(talked, form="written")).status_code == 302


def test_what_is_talked_over_again_begins_with_every_clause(talked, group_leader, resident):
    clauses = [ClauseSaid(f"第{number}件事𠮷", "上门", TODAY + timedelta(days=number)) for number in range(1, 7)]
    draft(talked, group_leader, form="written", facts="空调滴水", responsibilities="赵建国", clauses=clauses)
    draw(talked, "reopen", resident, "期限太长")
    page = signed_in(group_leader).get(f"/disputes/{talked.number}/agreement/")
    form, rows = page.context["form"], page.context["clauses"].forms
    assert {name: form[name].value() for name in ("form", "facts", "responsibilities")} == {
        "form": "written",
        "facts": "空调滴水",
        "responsibilities": "赵建国",
    }
    kept = [(row["what"].value(), row["how"].value(), row["deadline"].value()) for row in rows if row["what"].value()]
    assert kept == [(clause.what, clause.how, clause.deadline) for clause in clauses]
    assert len(rows) > len(clauses), "and there is room for more"


def test_the_next_draft_is_what_the_page_then_says(talked, group_leader, resident):
    draft(talked, group_leader, form="written", clauses=[clause(by=TODAY + timedelta(days=60))] * 2)
    draw(talked, "reopen", resident, "少一条")
    later = timezone.localdate() + timedelta(days=9)
    posted = {
        "version": talked.version, "form": "written", "facts": "空调滴水", "responsibilities": "赵建国",
        "clause-TOTAL_FORMS": 3, "clause-INITIAL_FORMS": 2,
        "clause-0-what": "修好", "clause-0-how": "上门", "clause-0-deadline": f"{later}",
        "clause-1-what": "", "clause-1-how": "", "clause-1-deadline": "",
        "clause-2-what": "道歉", "clause-2-how": "当面", "clause-2-deadline": f"{later}",
    }  # fmt: skip
    assert signed_in(group_leader).post(f"/disputes/{talked.number}/agreement/", posted).status_code == 302
    standing = Agreement.objects.get(withdrawn_at=None)
    assert list(standing.clauses.order_by("number").values_list("number", "what")) == [(1, "修好"), (2, "道歉")]
    assert Agreement.objects.exclude(withdrawn_at=None).get().clauses.count() == 2, "the earlier text stays"


def test_a_draft_sent_after_it_went_on_is_refused_and_kept(talked, group_leader):
    posted = said_on_page(talked, form="written")
    draft(talked, group_leader)
    page = signed_in(group_leader).post(f"/disputes/{talked.number}/agreement/", posted)
    assert page.context["form"].non_field_errors()
    assert page.context["clauses"].forms[0]["what"].value() == "修好𠮷"
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize(("degree", "words"), [("done", "已履行"), ("not_done", "未履行")])
def test_a_party_says_whether_it_is_kept(performing, resident, neighbour, group_leader, degree, words):
    posted = {"version": performing.version, "clause": Clause.objects.get().pk, "degree": degree, "words": "等了三天"}
    page = performing.get_absolute_url()
    answer = signed_in(resident).post(
        f"{page}say_performed/", {**posted, "photos": SimpleUploadedFile("门口.jpg", picture())}
    )
    assert answer.status_code == 302
    told = f"申请人 {resident.name}说：{words}"
    for reader, hears in ((resident, True), (group_leader, True), (neighbour, False)):
        shown = signed_in(reader).get(page)
        assert (told in inside(shown, AGREEMENT)) == hears
        assert ("等了三天" in inside(shown)) == hears
        assert (Attachment.objects.get().token in shown.content.decode()) == hears
    assert heard("反映了", group_leader)
    assert kept(2026, at=timezone.now()) == {"未登记": "1"}, "who mediates finds out and writes it down"


def test_the_last_word_of_each_party_stands(performing, resident, neighbour, group_leader):
    clause = Clause.objects.get()
    for who, degree in ((resident, "not_done"), (neighbour, "done"), (resident, "partly")):
        draw(performing, "say_performed", who, clause=clause, degree=degree)
    page = inside(signed_in(group_leader).get(performing.get_absolute_url()), AGREEMENT)
    assert f"申请人 {resident.name}说：部分履行" in page
    assert f"被申请人 {neighbour.name}说：已履行" in page
    assert PerformanceSaid.objects.count() == 3
    assert dict(rights.held(resident))["矛盾纠纷"][0]["您说的履行情况"] == "第一条未履行；第一条部分履行"


def test_nobody_else_says_it_for_them(performing, group_leader, staff):
    for person in (group_leader, staff["grid_leader"]):
        with pytest.raises(ArrowRefused):
            draw(performing, "say_performed", person, clause=Clause.objects.get(), degree="done")
