"""诉求 through its states: each act as it should be, and its refusals."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.engine.turns import ArrowRefused, CaseMovedOn, Given
from cases.escalation import sweep
from cases.models import Extension, Rating
from cases.services import act, route
from residents.models import Channel, Request
from tests.photos.pictures import picture
from tests.support.cast import MONDAY, draw, post_of, signed_in, submit
from tests.support.heard import heard
from tests.support.pages import words


def test_submitting_gives_a_holder_and_a_limit_at_once(defaults, town, staff, resident):
    case = submit(resident, town)
    assert case.state == "submitted"
    assert case.holder.person == staff["community_worker"]
    assert case.due_at
    assert case.finish_by_at


def test_the_same_form_twice_is_one_case(defaults, town, staff, resident):
    assert submit(resident, town) == submit(resident, town)
    assert Request.objects.count() == 1


def test_routing_finds_the_grid_leader_of_the_building(request_case, grid_leader):
    assert request_case.state == "dispatched"
    assert request_case.holder.person == grid_leader


def test_routing_twice_is_once(request_case):
    assert not route(case_id=request_case.pk, at=MONDAY)
    assert request_case.events.filter(verb="dispatch").count() == 1


def test_an_empty_post_falls_to_the_level_above(defaults, town, staff, resident, group_leader):
    from grids.posts.services import vacate

    vacate(post=post_of(staff["grid_leader"]), at=MONDAY)
    case = submit(resident, town)
    route(case_id=case.pk, at=MONDAY)
    case.refresh_from_db()
    assert case.holder.person == group_leader


def test_the_whole_loop(request_case, grid_leader, resident):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "start", grid_leader, "已联系，下午上门")
    draw(request_case, "finish", grid_leader, "灯换好了")
    draw(request_case, "redo", resident, "又坏了")
    assert request_case.state == "reworking"
    draw(request_case, "finish", grid_leader, "线路也换了")
    draw(request_case, "rate", resident, "谢谢", score=5, is_solved=True)
    assert (request_case.state, request_case.outcome) == ("archived", "rated")
    assert request_case.closed_at == MONDAY
    assert Rating.objects.get().score == 5


def test_photos_show_what_is_still_wrong(request_case, grid_leader, resident):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "finish", grid_leader)
    posted = {"version": request_case.version, "words": "又坏了", "photos": SimpleUploadedFile("灯.jpg", picture())}
    assert signed_in(resident).post(f"{request_case.get_absolute_url()}redo/", posted).status_code == 302
    photo = request_case.events.get(verb="redo").attachments.get()
    assert photo.token in signed_in(grid_leader).get(request_case.get_absolute_url()).content.decode()


def test_the_second_redo_goes_to_the_level_above_under_supervision(request_case, grid_leader, resident, group_leader):
    draw(request_case, "sign", grid_leader)
    for _ in range(2):
        draw(request_case, "finish", request_case.holder.person)
        draw(request_case, "redo", resident)
        request_case.refresh_from_db()
    assert request_case.holder.person == group_leader
    assert request_case.is_supervised
    draw(request_case, "finish", group_leader)
    with pytest.raises(ArrowRefused, match="已经重办过两次"):
        draw(request_case, "redo", resident)


def test_silence_is_filed_as_unrated(request_case, grid_leader):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "finish", grid_leader)
    sweep(at=MONDAY + timedelta(days=6))
    request_case.refresh_from_db()
    assert request_case.state == "awaiting_rating"
    sweep(at=MONDAY + timedelta(days=8))
    request_case.refresh_from_db()
    assert (request_case.state, request_case.outcome) == ("archived", "unrated")
    assert not Rating.objects.exists()


def test_the_doer_cannot_close(request_case, grid_leader):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "finish", grid_leader)
    for verb in ("rate", "verify", "close_unrated"):
        with pytest.raises(ArrowRefused):
            draw(request_case, verb, grid_leader, **({"score": 5, "is_solved": True} if verb == "rate" else {}))


def test_verifying_waits_for_a_resident_who_can_speak(request_case, grid_leader, secretary):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "finish", grid_leader)
    with pytest.raises(ArrowRefused, match="请等居民评价"):
        draw(request_case, "verify", secretary)


def test_verifying_where_nobody_can_be_asked(defaults, town, staff, grid_leader, secretary):
    case = submit(None, town)
    route(case_id=case.pk, at=MONDAY)
    draw(case, "sign", grid_leader)
    draw(case, "finish", grid_leader)
    draw(case, "verify", secretary, "现场看过")
    assert case.outcome == "verified"


def test_a_return_goes_to_the_desk_and_only_once(request_case, grid_leader, worker_at_desk, next_grid_leader):
    draw(request_case, "send_back", grid_leader, "不在我的网格")
    assert request_case.state == "submitted"
    assert request_case.holder.person == worker_at_desk
    draw(request_case, "dispatch", worker_at_desk, post=post_of(grid_leader))
    assert request_case.is_designated
    with pytest.raises(ArrowRefused, match="已指定由您承办"):
        draw(request_case, "send_back", grid_leader)


def test_a_late_return_is_refused(request_case, grid_leader):
    with pytest.raises(ArrowRefused, match="退单应在"):
        draw(request_case, "send_back", grid_leader, at=MONDAY + timedelta(days=3))


def test_a_post_of_another_street_cannot_be_chosen(request_case, grid_leader, worker_at_desk, other_cadre):
    draw(request_case, "send_back", grid_leader)
    with pytest.raises(ValidationError, match="不在本街道"):
        draw(request_case, "dispatch", worker_at_desk, post=post_of(other_cadre))


def test_sending_up_gives_it_to_the_level_above(request_case, grid_leader, group_leader):
    draw(request_case, "send_up", grid_leader, "需要协调物业")
    assert request_case.holder.person == group_leader
    assert request_case.state == "dispatched"


def test_helping_leaves_the_holder_responsible(request_case, grid_leader, next_grid_leader):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "ask_help", grid_leader, helper=post_of(next_grid_leader))
    assert request_case.holder.person == grid_leader
    draw(request_case, "note", next_grid_leader, "我来帮忙")


def test_declining_tells_the_channel_and_can_be_objected_to_once(request_case, worker_at_desk, street_cadre, resident):
    channel = Channel.objects.get(name="超出街道社区职责")
    draw(request_case, "decline", worker_at_desk, "请打 12345", channel=channel)
    assert (request_case.state, request_case.outcome) == ("declined", "declined")
    assert "12345" in request_case.events.get(verb="decline").remark.words
    draw(request_case, "object", resident, "这就是社区的事")
    assert request_case.holder.person == street_cadre
    assert request_case.is_supervised
    draw(request_case, "decline", street_cadre, "确实不归这里", channel=channel)
    with pytest.raises(ArrowRefused, match="已经提过一次异议"):
        draw(request_case, "object", resident)
    sweep(at=MONDAY + timedelta(days=20))
    request_case.refresh_from_db()
    assert (request_case.state, request_case.outcome) == ("archived", "declined")


def test_withdrawing_before_work_starts(request_case, grid_leader, resident):
    draw(request_case, "withdraw", resident, "")
    assert (request_case.state, request_case.outcome) == ("withdrawn", "withdrawn")


def test_withdrawing_after_work_started_is_refused(request_case, grid_leader, resident):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "start", grid_leader)
    with pytest.raises(ArrowRefused, match="办理中"):
        draw(request_case, "withdraw", resident, "")


def test_an_extension_moves_the_promise_once(request_case, grid_leader, group_leader):
    draw(request_case, "sign", grid_leader)
    promised = request_case.finish_by_at
    draw(request_case, "ask_extension", grid_leader, "等配件", amount=3)
    draw(request_case, "grant_extension", group_leader, "同意")
    assert request_case.finish_by_at > promised
    assert request_case.due_at == request_case.finish_by_at
    with pytest.raises(ArrowRefused, match="只能申请一次"):
        draw(request_case, "ask_extension", grid_leader, amount=1)


def test_a_refused_extension_leaves_the_promise(request_case, grid_leader, group_leader):
    draw(request_case, "sign", grid_leader)
    promised = request_case.finish_by_at
    draw(request_case, "ask_extension", grid_leader, "等配件", amount=3)
    draw(request_case, "refuse_extension", group_leader, "配件今天能到")
    assert request_case.finish_by_at == promised
    assert Extension.objects.get().is_granted is False


@pytest.mark.parametrize("amount", [0, 6])
def test_an_extension_is_no_longer_than_the_limit(request_case, grid_leader, amount):
    draw(request_case, "sign", grid_leader)
    with pytest.raises(ValidationError) as refusal:
        draw(request_case, "ask_extension", grid_leader, amount=amount)
    assert "amount" in refusal.value.message_dict


def test_an_extension_after_the_limit_is_refused(request_case, grid_leader):
    draw(request_case, "sign", grid_leader)
    with pytest.raises(ArrowRefused, match="时限已过"):
        draw(request_case, "ask_extension", grid_leader, amount=1, at=MONDAY + timedelta(days=14))


def test_shelving_tells_why_and_when_it_is_looked_at_again(request_case, grid_leader, secretary):
    draw(request_case, "sign", grid_leader)
    draw(request_case, "shelve", secretary, "等老旧小区改造", amount=60)
    assert request_case.state == "shelved"
    assert request_case.due_at.date() >= (MONDAY + timedelta(days=60)).date()
    draw(request_case, "resume", grid_leader, "改造开工了", at=MONDAY + timedelta(days=60))
    assert request_case.state == "handling"
    assert request_case.finish_by_at > MONDAY + timedelta(days=60)


def test_a_stale_page_changes_nothing(request_case, grid_leader):
    stale = request_case.version
    draw(request_case, "sign", grid_leader)
    with pytest.raises(CaseMovedOn):
        act(case=request_case, verb="sign", by=grid_leader, at=MONDAY, version=stale, given=Given())
    assert request_case.events.filter(verb="sign").count() == 1


def test_a_stranger_may_not(request_case, next_grid_leader, neighbour, other_cadre):
    for person in (next_grid_leader, neighbour, other_cadre):
        with pytest.raises(ArrowRefused):
            draw(request_case, "sign", person)


def test_words_are_asked_for(request_case, grid_leader):
    draw(request_case, "sign", grid_leader)
    with pytest.raises(ArrowRefused) as refusal:
        draw(request_case, "finish", grid_leader, " \x00 ")
    assert "words" in refusal.value.message_dict


@pytest.mark.parametrize(
    ("words", "refusal"), [("", "请用您自己的话"), ("　\u200b\x07", "请用您自己的话"), ("长" * 8001, "最多 8000 字")]
)
def test_bad_words_are_refused(defaults, town, staff, resident, words, refusal):
    with pytest.raises(ValidationError, match=refusal):
        submit(resident, town, words=words)


def test_seven_thousand_characters_and_emoji_are_kept(defaults, town, staff, resident):
    words = "😀楼道灯坏了𠮷\n" * 600
    case = submit(resident, town, words=words)
    assert case.request.words == words.strip()
    assert len(case.title) <= 80


def test_a_place_merged_away_is_refused(defaults, town, staff, resident):
    from residents.services import Place, submit_request

    town.grid.retired_at = MONDAY
    with pytest.raises(ValidationError, match="已撤并"):
        submit_request(asker=resident, place=Place(town.grid), words="灯坏了", submit_key="k", at=MONDAY)


def test_messages_go_to_those_concerned(request_case, grid_leader, resident):
    assert heard("已派给宜和佳苑1号网格长 李强", resident)
    assert heard("新事项", grid_leader)
    draw(request_case, "sign", grid_leader)
    assert heard("已接到", resident)
    assert not heard("已接到", grid_leader)


def test_a_helper_whom_a_rule_seats_is_told(defaults, town, staff, resident, grid_leader):
    case = submit(resident, town, urgency="critical")
    route(case_id=case.pk, at=MONDAY)
    assert case.seats.get(role="co_holder").post == post_of(grid_leader)
    assert len(heard("请您协办", grid_leader)) == 1


def test_asking_for_help_tells_the_new_helper_alone(
    request_case, grid_leader, next_grid_leader, branch_secretary, worker_at_desk
):
    for helper in (next_grid_leader, branch_secretary):
        draw(request_case, "ask_help", grid_leader, helper=post_of(helper))
    assert len(heard("请您协办", next_grid_leader)) == 1
    draw(request_case, "ask_help", worker_at_desk, helper=post_of(branch_secretary))  # helps already
    assert len(heard("请您协办", branch_secretary)) == 1


def test_whose_post_ended_is_told_nothing_more(request_case, grid_leader, next_grid_leader, branch_secretary):
    from cases.engine.audience import _seated
    from cases.engine.facts import facts_of
    from cases.workflow import Tell
    from grids.posts.services import vacate

    for helper in (next_grid_leader, branch_secretary):
        draw(request_case, "ask_help", grid_leader, helper=post_of(helper))
    vacate(post=post_of(next_grid_leader), at=MONDAY)
    assert _seated(Tell("co_holder"), facts_of(request_case), MONDAY, ()) == [branch_secretary]


def test_the_button_that_ends_it_warns(request_case, resident, worker_at_desk):
    for person, ending in ((resident, ["撤回"]), (worker_at_desk, ["不予受理"])):
        page = signed_in(person).get(f"/cases/{request_case.number}/")
        assert words(page, "//a[contains(@class, 'danger')]") == ending
