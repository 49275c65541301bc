"""A volunteer's own pages, made for a phone held in one hand. Every one works as a plain form."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limiter
from accounts.entry import SIGNED_IN, opens_to, own
from accounts.models import User
from accounts.requests import PersonRequest
from accounts.unsent import forms as kept_forms
from accounts.unsent.forms import never_kept
from cases.engine.turns import Given
from volunteers.forms.shared import CheckInForm, CheckOutForm, RegisterForm
from volunteers.models import DutyReport, Volunteer
from volunteers.reading.orders import FUTURE, MyOrder, my_order, nominees, offers_of
from volunteers.services import adoption, hours, orders, people, points, visits
from web.client_address import client_address
from web.posted import posted


@require_safe
@opens_to(SIGNED_IN)
def me(request: PersonRequest) -> HttpResponse:
    """What I am asked, what I have promised, what I have given."""
    at = timezone.now()
    volunteer = Volunteer.objects.filter(person=request.user).select_related("grid").first()
    mine = offers_of(request.user).filter(state__in=FUTURE, left_at=None, order__case__closed_at=None)
    return render(
        request,
        "volunteers/me.html",
        {
            "volunteer": volunteer,
            "asked": [offer for offer in mine if offer.state == "offered"],
            "promised": [offer for offer in mine if offer.state == "accepted"],
            "hours": hours.counted(request.user, at=at),
            "points": points.balance(request.user),
            "spoken_for": adoption.spoken_for_by(request.user, at=at),
            "duty": DutyReport.objects.filter(person=request.user).select_related("grid").order_by("-pk").first(),
        },
    )


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def register(request: PersonRequest) -> HttpResponse:
    """Become a volunteer, or change what I said."""
    volunteer = Volunteer.objects.filter(person=request.user).select_related("person").first()
    form = RegisterForm(posted(request), initial=_said_before(volunteer))
    if form.is_valid():
        at = timezone.now()
        try:
            limiter.check("submit", person=request.user.pk, address=client_address(request), at=at)
            people.register(person=request.user, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, "记下了，谢谢您。")
            return redirect("volunteers:me")
    return render(request, "volunteers/register.html", {"form": form, "volunteer": volunteer})


def _said_before(volunteer: Volunteer | None) -> dict[str, object]:
    if volunteer is None:
        return {}
    return {
        "grid": volunteer.grid_id,
        "skills": volunteer.skills.all(),
        "free_times": volunteer.free_times,
        "reach": volunteer.reach,
        "birth_date": volunteer.person.birth_date,
        "guardian": volunteer.guardian,
        "is_ranked": volunteer.is_ranked,
        "has_agreed": volunteer.is_active,
    }


def _volunteer(request: HttpRequest) -> Volunteer:
    """Raises Http404 for who is none."""
    volunteer: Volunteer = get_object_or_404(Volunteer, person=request.user)
    return volunteer


@require_POST
@opens_to(posts=own(_volunteer))
def leave(request: HttpRequest) -> HttpResponse:
    try:
        people.leave(volunteer=_volunteer(request), at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.info(request, "您已退出，不会再收到邀请。服务过的时数一直保留，谢谢您。")
    return redirect("volunteers:me")


@require_safe
@opens_to(own(my_order))
def order(request: HttpRequest, number: str) -> HttpResponse:
    return _order_page(request, my_order(request.user, number, at=timezone.now()))


def _order_page(
    request: HttpRequest,
    mine: MyOrder,
    *,
    check_in: CheckInForm | None = None,
    check_out: CheckOutForm | None = None,
) -> HttpResponse:
    return render(
        request,
        "volunteers/orders/order.html",
        {
            "mine": mine,
            "order": mine.order,
            "case": mine.order.case,
            "check_in_form": check_in or CheckInForm(),
            "check_out_form": check_out or CheckOutForm(),
            "nominees": nominees(mine.order) if mine.is_leader and mine.order.case.state == "offered" else [],
        },
    )


@require_POST
@opens_to(posts=own(my_order))
def accept(request: PersonRequest, number: str) -> HttpResponse:
    """One tap."""
    mine = my_order(request.user, number, at=timezone.now())
    try:
        orders.accept(case=mine.order.case, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.info(request, "接下了，谢谢您！")
    return redirect("volunteers:order", number=number)


@require_POST
@opens_to(posts=own(my_order))
def decline(request: PersonRequest, number: str) -> HttpResponse:
    """One tap, no reason asked."""
    mine = my_order(request.user, number, at=timezone.now())
    try:
        orders.decline(case=mine.order.case, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect("volunteers:order", number=number)
    messages.info(request, "知道了，没关系，下次再请您。")
    return redirect("volunteers:me")


@never_kept()  # where somebody was is asked for once and kept nowhere
@require_POST
@opens_to(posts=own(my_order))
def check_in(request: PersonRequest, number: str) -> HttpResponse:
    mine = my_order(request.user, number, at=timezone.now())
    form = CheckInForm(request.POST)
    if form.is_valid():
        at = timezone.now()
        try:
            limiter.check("act", person=request.user.pk, at=at)  # six digits are not to be tried through
            visits.check_in(case=mine.order.case, by=request.user, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            _show(form, refusal)
        else:
            messages.info(request, "签到好了。")
            return redirect("volunteers:order", number=number)
    return _order_page(request, mine, check_in=form)


def _show(form: CheckInForm, refusal: ValidationError) -> None:
    """A refusal about the place stands at the top: its fields are hidden."""
    is_ours = hasattr(refusal, "error_dict") and set(refusal.error_dict) <= {"code"}
    form.add_error(None, refusal if is_ours else ValidationError(refusal.messages))


@require_POST
@opens_to(posts=own(my_order))
def check_out(request: PersonRequest, number: str) -> HttpResponse:
    mine = my_order(request.user, number, at=timezone.now())
    form = CheckOutForm(request.POST, request.FILES)
    if form.is_valid():
        given = Given(form.cleaned_data["words"], form.cleaned_data["photos"])
        try:
            visits.check_out(case=mine.order.case, by=request.user, at=timezone.now(), given=given)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.info(request, "签退好了，辛苦您！时数公示 3 个工作日后计入。")
            return redirect("volunteers:order", number=number)
    kept_forms.keep_files(request, form)
    return _order_page(request, mine, check_out=form)


@require_POST
@opens_to(posts=own(my_order))
def nominate(request: PersonRequest, number: str, person_id: int) -> HttpResponse:
    """The team's leader names a member who could go."""
    mine = my_order(request.user, number, at=timezone.now())
    person = get_object_or_404(User, pk=person_id, team_memberships__team=mine.order.team_id)
    try:
        orders.nominate(case=mine.order.case, person=person, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.info(request, f"已经问{person.name}了。")
    return redirect("volunteers:order", number=number)
