"""Disputes for apps, beside the acts on one (disputes/views/acts.py): applying for mediation, taking one down, speaking to
the mediators alone."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts import limiter
from accounts.api.forms import FormView, checked, checked_form, refusals_at
from accounts.api.idempotency import once
from accounts.entry import SIGNED_IN, opens_to, seated
from accounts.requests import PersonCall
from cases.api.serializers import CaseSerializer
from cases.models import Case
from disputes.forms.pages import ApplyForm, PhotosForm, RegisterForm, SpotForm, TalkForm
from disputes.models import Party, PrivateNote
from disputes.reading import places_of, talks_in, to_convert
from disputes.services import opening
from disputes.services.talks import say_privately
from grids.rights.entry import verb
from web.client_address import client_address


class WholeApplyForm(SpotForm, ApplyForm, PhotosForm):
    """The three screens in one."""

    key = forms.UUIDField(label="应用自己定的编号，同一编号只申请一次")


def _made(case: Case) -> Response:
    return Response(CaseSerializer(case).data, status=status.HTTP_201_CREATED)


class Apply(FormView):
    """申请调解。调解自愿、免费、保密。"""

    form_class = WholeApplyForm

    @extend_schema(operation_id="dispute_apply", responses={201: CaseSerializer})
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: PersonCall) -> Response:
        form, at = checked_form(self, request), timezone.now()
        key, photos = form.cleaned_data["key"], form.cleaned_data["photos"]
        with (
            refusals_at(form, form.say_refused),
            limiter.counted("submit", person=request.user.pk, address=client_address(request), at=at),
        ):
            case = opening.open_dispute(
                **form.where(),
                **form.arguments(request.user),
                photos=photos,
                submit_key=f"{request.user.pk}:{key}",
                at=at,
            )
        return _made(case)


class Register(FormView):
    """登记纠纷：替来说的人，或自己看到的（主动调解）。"""

    form_class = RegisterForm

    @extend_schema(operation_id="dispute_register", responses={201: CaseSerializer})
    @opens_to(posts=verb("see"))
    @once
    def post(self, request: PersonCall) -> Response:
        form, at = checked_form(self, request, within=places_of(request.user)), timezone.now()
        cleaned = form.cleaned_data
        with refusals_at(form, form.say_refused):
            case = opening.open_dispute(
                **form.arguments(),
                source=cleaned["source"],
                by=request.user,
                at=at,
                submit_key=f"{request.user.pk}:{cleaned['key']}",
            )
        return _made(case)


def _to_convert(request: PersonCall, number: str) -> Case:
    return to_convert(request.user, number)


class Convert(FormView):
    """把手上的诉求转为调解。"""

    form_class = RegisterForm

    @extend_schema(operation_id="dispute_convert", responses={201: CaseSerializer})
    @opens_to(posts=seated("office", _to_convert))
    @once
    def post(self, request: PersonCall, number: str) -> Response:
        source = _to_convert(request, number)
        form = checked_form(self, request, within=places_of(request.user))
        with refusals_at(form, form.say_refused):
            case = opening.convert(request=source, by=request.user, at=timezone.now(), **form.arguments())
        return _made(case)


class NoteSerializer(serializers.Serializer[PrivateNote]):
    by = serializers.CharField(source="by.name")
    words = serializers.CharField()
    at = serializers.DateTimeField()


class TalkSerializer(serializers.Serializer[Party]):
    """What one party and the mediators said to each other."""

    party = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="label")
    is_mine = serializers.SerializerMethodField()
    notes = serializers.SerializerMethodField()

    def get_is_mine(self, party: Party) -> bool:
        return bool(party.person_id == self.context["reader"].pk)

    def get_notes(self, party: Party) -> list[dict[str, Any]]:
        rows: Any = sorted(party.private_notes.all(), key=lambda note: note.pk)
        return list(NoteSerializer(rows, many=True).data)


def _talks(request: PersonCall, number: str, at: datetime) -> tuple[Case, list[Party]]:
    return talks_in(request.user, number, at)


def _told(request: PersonCall, number: str) -> Response:
    _, parties = _talks(request, number, timezone.now())
    rows: Any = parties
    return Response(TalkSerializer(rows, many=True, context={"reader": request.user}).data)


class SaidForm(TalkForm):
    """The page names the party in its address."""

    party = forms.ModelChoiceField(
        label="和哪一方；当事人自己不用说",
        queryset=Party.objects.none(),
        required=False,
        error_messages={"invalid_choice": "没有这一方，或您不能和这一方单独沟通。"},
    )

    def __init__(self, *args: Any, parties: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].queryset = Party.objects.filter(  # type: ignore[attr-defined]
            pk__in=[party.pk for party in parties]
        )


class Talk(FormView):
    """单独沟通：当事人和调解员之间，另一方看不到。"""

    form_class = SaidForm

    @extend_schema(operation_id="dispute_talks", responses=TalkSerializer(many=True))
    @opens_to(seated("party", _talks) | seated("mediator", _talks))
    def get(self, request: PersonCall, number: str) -> Response:
        return _told(request, number)

    @extend_schema(operation_id="dispute_talk", responses=TalkSerializer(many=True))
    @opens_to(seated("party", _talks) | seated("mediator", _talks))
    @once
    def post(self, request: PersonCall, number: str) -> Response:
        at = timezone.now()
        case, parties = _talks(request, number, at)
        cleaned = checked(self, request, parties=parties)
        with limiter.counted("act", person=request.user.pk, at=at):
            party = cleaned["party"] or parties[0]
            say_privately(case=case, party=party, by=request.user, at=at, words=cleaned["words"])
        return _told(request, number)
