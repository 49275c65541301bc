"""议事协商 for apps: topics, what is said to them, and votes. What the pages of everybody show, everybody may read here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import limiter
from accounts.api.filters import YesNoFilter
from accounts.api.forms import FormView, checked, checked_form, refusals_at
from accounts.api.idempotency import once
from accounts.api.lists import ListView
from accounts.api.schema import page_of
from accounts.entry import PUBLIC, SIGNED_IN, opens_to, own
from accounts.forms.fields import refuse
from accounts.requests import PersonCall
from grids.tree.filters import CommunityFilter
from meetings.models import Topic, Vote, Voter
from meetings.topics import reading
from meetings.topics import services as topics
from meetings.topics.forms import CastForm, CommentForm, ProposeForm, ProxyForm, ReceiptForm
from meetings.topics.serializers import (
    TopicInFullSerializer,
    TopicSerializer,
    VoteLineSerializer,
    VoteSerializer,
    topic_in_full,
    vote_in_full,
)
from meetings.votes import counts
from meetings.votes import services as votes
from web.client_address import client_address


class TopicFilters(FilterSet):
    tab = ChoiceFilter(
        label="哪一栏", choices=[(code, label) for code, (label, _) in reading.TABS.items()], method="in_tab"
    )
    community = CommunityFilter("case__grid")

    def in_tab(self, rows: QuerySet[Topic], name: str, tab: str) -> QuerySet[Topic]:
        return rows.filter(case__state__in=reading.TABS[tab][1])


class TopicList(ListView, FormView):
    """大家在商量的，新的在前。POST 提一个议题。"""

    permission_classes = (IsAuthenticatedOrReadOnly,)
    serializer_class, ordering, filterset_class = TopicSerializer, ("-opened_at", "-pk"), TopicFilters
    form_class = ProposeForm

    @extend_schema(operation_id="topics", responses=page_of(TopicSerializer))
    @opens_to(PUBLIC)
    def get(self, request: Request) -> Response:
        return self.paged(request, reading.listed().annotate(opened_at=F("case__opened_at")))

    @extend_schema(operation_id="topic_propose", responses={201: TopicInFullSerializer})
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: PersonCall) -> Response:
        form, at = checked_form(self, request), timezone.now()
        with refusals_at(form, lambda refusal: refuse(form, refusal, {"grid": "place"})):
            limiter.check("submit", person=request.user.pk, at=at)
            made = topics.propose(by=request.user, at=at, **form.arguments(request.user))
        return Response(_in_full(request, made, at), status=status.HTTP_201_CREATED)


def _in_full(request: Request, topic: Topic, at: datetime) -> dict[str, Any]:
    shown = reading.seen_by(topic, request.user, at=at)
    return topic_in_full(topic, shown, list(reading.clauses_of(topic).values()))


def _answer(request: Request, number: str) -> Response:
    return Response(_in_full(request, reading.public_topic(number), timezone.now()))


class OneTopic(APIView):
    """一个议题：进展、表决、大家的意见。"""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="topic", responses=TopicInFullSerializer)
    @opens_to(PUBLIC)
    def get(self, request: Request, number: str) -> Response:
        return _answer(request, number)


class CosignTopic(APIView):
    """联署；户册上没有房子的人表示支持，不计入人数。"""

    @extend_schema(operation_id="topic_cosign", request=None, responses=TopicInFullSerializer)
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: PersonCall, number: str) -> Response:
        topic, at = reading.public_topic(number), timezone.now()
        limiter.check("act", person=request.user.pk, at=at)
        topics.cosign(topic=topic, person=request.user, at=at)
        return _answer(request, number)


class CommentOnTopic(FormView):
    """说一句；核对以后大家都看得到。"""

    form_class = CommentForm

    @extend_schema(operation_id="topic_comment", responses=TopicInFullSerializer)
    @opens_to(posts=SIGNED_IN)
    @once
    def post(self, request: PersonCall, number: str) -> Response:
        topic, at = reading.public_topic(number), timezone.now()
        clauses = reading.clauses_of(topic)
        cleaned = checked(self, request, clauses=clauses.values())
        limiter.check("act", person=request.user.pk, at=at)
        clause = clauses.get(cleaned.get("clause") or 0)
        topics.comment(topic=topic, person=request.user, words=cleaned["words"], at=at, clause=clause)
        return _answer(request, number)


class VoteFilters(FilterSet):
    running = YesNoFilter(label="是否还在进行：没有计票，也没有作废", method="by_running")

    def by_running(self, rows: QuerySet[Vote], name: str, is_running: bool) -> QuerySet[Vote]:
        running = Vote.objects.filter(counted_at=None, voided_at=None).values("pk")
        return rows.filter(pk__in=running) if is_running else rows.exclude(pk__in=running)


class VoteList(ListView):
    """我在名册上的表决，新的在前。"""

    serializer_class, ordering, filterset_class = VoteLineSerializer, ("-announced_at", "-pk"), VoteFilters

    @extend_schema(operation_id="votes", responses=page_of(VoteLineSerializer))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        own_rolls = Voter.objects.filter(person=request.user).values("voice__vote")
        return self.paged(request, Vote.objects.filter(pk__in=own_rolls).select_related("topic__case"))


def _seen(request: Request, key: UUID) -> Response:
    shown = reading.look_at(reading.vote_of(key), request.user, at=timezone.now())
    return Response(vote_in_full(shown))


class OneVote(APIView):
    """一次表决：我能投的票，计票以后的结果。不记名的每次读都给新的回执号，投出去的那一个才算。"""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="vote", responses=VoteSerializer)
    @opens_to(PUBLIC)
    def get(self, request: Request, key: UUID) -> Response:
        return _seen(request, key)


def _voter(request: PersonCall, vote: Vote, voter_id: int) -> Voter:
    return reading.voter_of(vote, voter_id, request.user)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class CastVote(FormView):
    """投一票，投了不能改。每票只计一次，重发也只算一次；不收 Idempotency-Key：它会把谁投了什么存下来。"""

    form_class = CastForm

    @extend_schema(operation_id="vote_cast", responses=VoteSerializer)
    @opens_to(posts=own(_voter))
    def post(self, request: PersonCall, key: UUID, voter_id: int) -> Response:
        vote, at = reading.vote_of(key), timezone.now()
        voter = _voter(request, vote, voter_id)
        cleaned = checked(self, request, vote=vote)
        receipt = reading.read_slip(voter, cleaned["slip"]) if vote.is_secret else ""
        limiter.check("act", person=request.user.pk, at=at)
        votes.cast(voter=voter, option=cleaned["option"], at=at, receipt=receipt)
        return _seen(request, key)


class AuthoriseVote(FormView):
    """业主请人代投自己的一票。"""

    form_class = ProxyForm

    @extend_schema(operation_id="vote_authorise", responses=VoteSerializer)
    @opens_to(posts=own(_voter))
    @once
    def post(self, request: PersonCall, key: UUID, voter_id: int) -> Response:
        vote, at = reading.vote_of(key), timezone.now()
        voter, cleaned = _voter(request, vote, voter_id), checked(self, request)
        limiter.check("answer", person=request.user.pk, at=at)
        votes.authorise(voter=voter, to=cleaned["to"], at=at)
        return _seen(request, key)


class TakeVoteBack(APIView):
    """收回委托。"""

    @extend_schema(operation_id="vote_take_back", request=None, responses=VoteSerializer)
    @opens_to(posts=own(_voter))
    @once
    def post(self, request: PersonCall, key: UUID, voter_id: int) -> Response:
        voter = _voter(request, reading.vote_of(key), voter_id)
        if voter.given_by_id is not None:
            raise Http404
        votes.withdraw_authority(voter=voter)
        return _seen(request, key)


class CountedSerializer(serializers.Serializer[None]):
    is_counted = serializers.BooleanField()


class CheckReceipt(FormView):
    """凭回执号查自己的票计入没有；投了什么，谁也查不到。"""

    permission_classes = (AllowAny,)
    form_class = ReceiptForm

    @extend_schema(operation_id="vote_check", responses=CountedSerializer)
    @opens_to(posts=PUBLIC)
    def post(self, request: Request, key: UUID) -> Response:
        vote, cleaned = reading.vote_of(key), checked(self, request)
        limiter.check("verify", address=client_address(request), at=timezone.now())
        return Response({"is_counted": counts.is_counted(vote, cleaned["receipt"])})
