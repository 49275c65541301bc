"""翻牌子: booking, answering, passing on, moving, cancelling; one slot, one booking."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.models import User
from cases.engine.turns import ArrowRefused, CaseMovedOn, Given
from cases.escalation import sweep
from cases.models import Case
from cases.services import act
from disputes.experts.facts import facts_of_consultation
from disputes.experts.services import panel
from disputes.experts.services.booking import SlotTaken
from disputes.models import Booking, Expert, ExpertField, Slot
from grids.posts.services import vacate
from notices.models import Notice
from tests.disputes.experts.panel import THURSDAY, booked, enlisted, slot_of
from tests.support.at_once import behind, crossing
from tests.support.cast import MONDAY, draw, signed_in
from tests.support.pages import inside


def told(person: User) -> str:
    return "\n".join(notice.words for notice in Notice.objects.filter(person=person).order_by("pk"))


def states(case: Case) -> list[str]:
    return list(Booking.objects.filter(consultation=case.pk).order_by("pk").values_list("state", flat=True))


def test_a_booking_waits_in_the_experts_hands_with_a_limit(consultation, lawyer, resident):
    assert (consultation.state, consultation.holder.person) == ("booked", lawyer.person)
    assert consultation.is_private
    assert "房东" not in consultation.title
    assert MONDAY < consultation.due_at <= THURSDAY  # the slot begins before four working days are over
    assert "有居民约您" in told(lawyer.person)
    assert states(consultation) == ["waiting"]
    assert not Slot.objects.free(MONDAY).exists()


def test_the_limit_is_four_working_days_where_the_slot_is_later(lawyer, resident, town):
    case = booked(slot_of(lawyer, MONDAY + timedelta(days=20)), resident, town.community)
    assert (case.due_amount, case.due_unit) == (4, "work_day")


def test_sent_twice_is_one_booking(consultation, slot, resident, town):
    assert booked(slot, resident, town.community).pk == consultation.pk
    assert Booking.objects.count() == 1


def test_the_second_resident_is_told_and_keeps_what_was_typed(consultation, slot, lawyer, neighbour, town):
    slot_of(lawyer, THURSDAY + timedelta(days=30))  # so that there is something left to choose
    with pytest.raises(SlotTaken, match="刚刚被别人约走"):
        booked(slot, neighbour, town.community, key="other")
    posted = {
        "slot": slot.pk, "field": lawyer.fields.get().pk, "community": town.community.pk, "matter": "合同怎么看",
        "key": str(uuid4()),
    }  # fmt: skip
    page = signed_in(neighbour).post(f"/experts/{lawyer.pk}/", posted).content.decode()
    assert "刚刚被别人约走" in page
    assert "合同怎么看</textarea>" in page
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("booking", "words"),
    [
        ({"matter": " \n "}, "请写几句"),
        ({"matter": "长" * 1001}, "您写了 1001 字"),
        ({"field": "心理疏导"}, "不看这一类"),
        ({"community": "other_community"}, "不服务这个社区"),
        ({"at": THURSDAY + timedelta(minutes=1)}, "已经过去"),
        ({"at": THURSDAY - timedelta(hours=1)}, "约不了"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(slot, resident, town, booking, words):
    booking = {"community": town.community, **booking}
    if "field" in booking:
        booking["field"] = ExpertField.objects.get(name=booking["field"])
    if isinstance(booking["community"], str):
        booking["community"] = getattr(town, booking["community"])
    with pytest.raises(ValidationError, match=words):
        booked(slot, resident, booking.pop("community"), **booking)
    assert not Case.objects.exists()


def test_a_slot_in_the_past_is_refused_at_the_field(slot, lawyer, resident, town):
    """Pages go by the clock on the wall, by which an hour ago is over."""
    now = timezone.now()
    Slot.objects.filter(pk=slot.pk).update(from_at=now - timedelta(hours=2), until_at=now - timedelta(hours=1))
    slot_of(lawyer, now + timedelta(days=2), at=now)
    posted = {
        "slot": slot.pk, "field": lawyer.fields.get().pk, "community": town.community.pk, "matter": "合同怎么看",
        "key": str(uuid4()),
    }  # fmt: skip
    form = signed_in(resident).post(f"/experts/{lawyer.pk}/", posted).context["form"]
    assert "已经过去" in form.errors["slot"][0]
    assert form["matter"].value() == "合同怎么看"


def test_nobody_books_themselves(slot, lawyer, town):
    with pytest.raises(ValidationError, match="不能约自己"):
        booked(slot, lawyer.person, town.community)


def test_an_expert_whose_term_is_over_cannot_be_booked(slot, lawyer, resident, town):
    vacate(post=lawyer.person.posts.get(), at=MONDAY - timedelta(days=1))
    with pytest.raises(SlotTaken):
        booked(slot, resident, town.community)
    assert not Expert.objects.serving(MONDAY).exists()


def test_three_open_bookings_are_enough(lawyer, resident, town):
    slots = [slot_of(lawyer, THURSDAY + timedelta(hours=2 * number)) for number in range(4)]
    for number, slot in enumerate(slots[:3]):
        booked(slot, resident, town.community, key=str(number))
    with pytest.raises(ValidationError, match="已经约了 3 次"):
        booked(slots[3], resident, town.community, key="more")


def test_the_database_refuses_a_second_booking_of_a_slot(consultation, slot, second_lawyer, neighbour, town):
    other = booked(slot_of(second_lawyer), neighbour, town.community, key="other")
    with pytest.raises(IntegrityError):
        Booking.objects.filter(consultation=other.pk).update(slot=slot)


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_and_one_wins(slot, town, staff):
    people = [User.objects.create_user(phone=f"1370000{number:04d}", name=f"居民{number}") for number in range(50)]

    def attempt(person: User) -> str:
        try:
            booked(slot, person, town.community, key=str(person.pk))
        except SlotTaken as refusal:
            return str(refusal.messages[0])
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(attempt, people))
    assert answers.count("won") == 1
    assert set(answers) == {"won", "这个时间刚刚被别人约走了，请另选一个。您写的内容还在。"}
    assert Booking.objects.count() == Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_hours_that_overlap_are_opened_at_once_and_one_stands(lawyer):
    """The expert on the phone and the desk in the admin, all while a third is not kept."""
    first, *others = (lambda at=THURSDAY + timedelta(minutes=10 * number): slot_of(lawyer, at) for number in range(4))
    assert sum(behind(first, others)) == 1
    assert Slot.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_expert_leaves_while_they_decline_one_of_their_bookings(lawyer, second_lawyer, resident, neighbour, town):
    """Leaving takes one booking after the other to the next expert's hours, declining one of them takes it there too."""
    cases = [
        booked(slot_of(lawyer, THURSDAY + timedelta(hours=2 * number)), person, town.community, key=str(number))
        for number, person in enumerate((resident, neighbour))
    ]
    for number in range(3):
        slot_of(second_lawyer, THURSDAY + timedelta(days=1, hours=2 * number))
    post = lawyer.person.posts.get()
    crossing(
        (lambda: vacate(post=post, at=MONDAY), 'INSERT INTO "disputes_booking"'),
        (lambda: draw(cases[1], "decline", lawyer.person), 'FROM "disputes_slot"'),
    )
    for case in cases:
        case.refresh_from_db()
        assert (case.state, case.holder.person) == ("booked", second_lawyer.person)


def test_accepting(consultation, lawyer, resident):
    draw(consultation, "accept", lawyer.person)
    assert (consultation.state, states(consultation)) == ("agreed", ["accepted"])
    assert "接了您的" in told(resident)
    assert consultation.due_at > THURSDAY


def test_only_the_expert_answers(consultation, resident, neighbour, secretary, second_lawyer):
    for person in (resident, neighbour, secretary, second_lawyer.person):
        for verb in ("accept", "decline"):
            with pytest.raises(ArrowRefused):
                draw(consultation, verb, person)
    assert consultation.state == "booked"


def test_accepting_twice_and_from_a_stale_page(consultation, lawyer):
    version = consultation.version
    draw(consultation, "accept", lawyer.person)
    with pytest.raises(ArrowRefused):
        draw(consultation, "accept", lawyer.person)
    with pytest.raises(CaseMovedOn):
        act(case=consultation, verb="call_off", by=lawyer.person, at=MONDAY, version=version, given=Given())


def test_declined_goes_to_the_next_and_the_resident_is_told(consultation, lawyer, second_lawyer, resident, slot):
    slot_of(second_lawyer, THURSDAY + timedelta(days=1))
    first = slot_of(second_lawyer, THURSDAY + timedelta(hours=3))
    draw(consultation, "decline", lawyer.person)
    assert (consultation.state, consultation.holder.person) == ("booked", second_lawyer.person)
    assert states(consultation) == ["declined", "waiting"]
    assert facts_of_consultation(consultation).booking.slot == first
    assert "李律师" in told(resident)
    assert "有居民约您" in told(second_lawyer.person)
    assert signed_in(lawyer.person).get(consultation.get_absolute_url()).status_code == 404
    assert Slot.objects.free(MONDAY).filter(pk=slot.pk).exists()


def test_of_two_at_the_same_time_who_has_less_in_hand_is_asked(consultation, lawyer, second_lawyer, neighbour, town):
    third = enlisted("赵律师", 3, town)
    booked(slot_of(second_lawyer, THURSDAY + timedelta(days=9)), neighbour, town.community, key="busy")
    slot_of(second_lawyer)
    slot_of(third)
    draw(consultation, "decline", lawyer.person)
    assert consultation.holder.person == third.person


def test_another_field_or_community_does_not_fit(consultation, lawyer, town, worker_at_desk):
    slot_of(enlisted("何心理", 4, town, field="心理疏导", kind="psychologist"))
    slot_of(enlisted("远律师", 5, town, grid=town.other_street, communities=[town.other_community]))
    draw(consultation, "decline", lawyer.person)
    assert (consultation.state, consultation.holder.person) == ("stranded", worker_at_desk)


def test_unanswered_goes_to_the_next_then_to_the_desk(consultation, lawyer, second_lawyer, resident, worker_at_desk):
    slot_of(second_lawyer, THURSDAY + timedelta(days=1))
    assert sweep(at=consultation.due_at - timedelta(minutes=1)) == 1  # the reminder
    sweep(at=consultation.due_at)
    consultation.refresh_from_db()
    assert consultation.holder.person == second_lawyer.person
    sweep(at=consultation.due_at)  # looked at late: first the reminder
    sweep(at=consultation.due_at)
    consultation.refresh_from_db()
    assert (consultation.state, states(consultation)) == ("stranded", ["passed_on", "passed_on"])
    assert consultation.holder.person == worker_at_desk
    assert "暂时没有专家能接" in told(worker_at_desk)
    assert "社区工作人员会联系您" in told(resident)
    assert "房东" not in told(worker_at_desk)
    page = signed_in(worker_at_desk).get(consultation.get_absolute_url()).content.decode()
    assert "房屋租赁" in page
    assert "房东不退押金" not in page
    assert signed_in(worker_at_desk).get(f"/consultations/{consultation.number}/").status_code == 404


def test_the_desk_arranges_another_or_says_why_not(consultation, lawyer, second_lawyer, resident, worker_at_desk):
    draw(consultation, "decline", lawyer.person)
    late = slot_of(second_lawyer, THURSDAY + timedelta(days=2))
    page = signed_in(worker_at_desk).get(f"/cases/{consultation.number}/arrange/")
    assert "李律师" in inside(page, "//form")
    draw(consultation, "arrange", worker_at_desk, slot=late)
    assert (consultation.state, consultation.holder.person) == ("booked", second_lawyer.person)
    assert signed_in(worker_at_desk).get(consultation.get_absolute_url()).status_code == 404
    draw(consultation, "decline", second_lawyer.person)
    draw(consultation, "close", worker_at_desk, "近期都约满了，请拨打 12348。")
    assert (consultation.state, consultation.outcome) == ("archived", "unserved")
    assert "12348" in told(resident)


def test_the_resident_moves_it_and_the_expert_answers_anew(consultation, lawyer, slot, resident):
    later = slot_of(lawyer, THURSDAY + timedelta(days=1))
    draw(consultation, "accept", lawyer.person)
    draw(consultation, "change_slot", resident, slot=later)
    assert (consultation.state, states(consultation)) == ("booked", ["cancelled", "waiting"])
    assert Slot.objects.free(MONDAY).get() == slot
    assert "改了" in told(lawyer.person)


def test_the_expert_moves_it_and_it_stays_agreed(consultation, lawyer, resident):
    later = slot_of(lawyer, THURSDAY + timedelta(days=1))
    draw(consultation, "accept", lawyer.person)
    draw(consultation, "move_slot", lawyer.person, slot=later)
    assert (consultation.state, states(consultation)) == ("agreed", ["cancelled", "accepted"])
    assert consultation.due_at > later.until_at
    assert "换了" in told(resident)


def test_moving_to_a_taken_slot_or_another_experts_changes_nothing(
    consultation, lawyer, second_lawyer, neighbour, town, resident
):
    taken = slot_of(lawyer, THURSDAY + timedelta(days=1))
    booked(taken, neighbour, town.community, key="other")
    for slot in (taken, slot_of(second_lawyer)):
        with pytest.raises(SlotTaken):
            draw(consultation, "change_slot", resident, slot=slot)
    assert states(consultation) == ["waiting"]


def test_cancelled_by_the_resident_frees_the_slot(consultation, slot, resident, lawyer):
    draw(consultation, "cancel", resident)
    assert (consultation.state, consultation.outcome, states(consultation)) == ("archived", "cancelled", ["cancelled"])
    assert Slot.objects.free(MONDAY).get() == slot
    assert "取消了" in told(lawyer.person)


def test_called_off_by_the_expert_goes_to_the_next(consultation, lawyer, second_lawyer):
    slot_of(second_lawyer)
    draw(consultation, "accept", lawyer.person)
    draw(consultation, "call_off", lawyer.person)
    assert (consultation.state, consultation.holder.person) == ("booked", second_lawyer.person)


@pytest.mark.parametrize("verb", ["cancel", "change_slot", "call_off", "move_slot"])
def test_nothing_moves_once_it_has_begun(consultation, lawyer, resident, verb):
    later = slot_of(lawyer, THURSDAY + timedelta(days=1))
    draw(consultation, "accept", lawyer.person)
    more = {"slot": later} if "slot" in verb else {}
    with pytest.raises(ArrowRefused, match="已经到了"):
        draw(consultation, verb, lawyer.person if verb in ("call_off", "move_slot") else resident, at=THURSDAY, **more)


def test_an_expert_who_leaves_hands_on_what_was_only_booked(consultation, lawyer, second_lawyer):
    slot_of(second_lawyer)
    draw(consultation, "accept", lawyer.person)
    vacate(post=lawyer.person.posts.get(), at=MONDAY + timedelta(hours=1))
    consultation.refresh_from_db()
    assert (consultation.state, consultation.holder.person) == ("booked", second_lawyer.person)


def test_nobody_came(consultation, lawyer, resident):
    draw(consultation, "accept", lawyer.person)
    with pytest.raises(ArrowRefused, match="没有过"):
        draw(consultation, "miss", lawyer.person, at=THURSDAY + timedelta(minutes=30))
    draw(consultation, "miss", lawyer.person, at=THURSDAY + timedelta(hours=1))
    assert (consultation.outcome, states(consultation)) == ("missed", ["missed"])
    assert "没有碰上面" in told(resident)


def test_a_slot_that_is_booked_is_not_withdrawn(consultation, slot, lawyer):
    with pytest.raises(ValidationError, match="已经有人约了"):
        panel.withdraw_slot(slot=slot, at=MONDAY)
    other = slot_of(lawyer, THURSDAY + timedelta(days=1))
    panel.withdraw_slot(slot=other, at=MONDAY)
    assert not Slot.objects.free(MONDAY).exists()
