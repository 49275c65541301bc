"""Messages and how one is told, for apps."""

from typing import Any

from django import forms
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.api.forms import FormView, checked
from accounts.api.lists import ListView
from accounts.api.schema import page_of
from accounts.entry import SIGNED_IN, opens_to
from accounts.requests import PersonCall
from notices import services
from notices.forms import ChoicesForm
from notices.models import Choices, Notice, Subscription, Template
from notices.texts import WECHAT


class NoticeSerializer(serializers.Serializer[Notice]):
    """One message, as the site says it."""

    id = serializers.IntegerField()
    words = serializers.CharField()
    path = serializers.CharField(help_text="点开通知后的站内地址")
    told_at = serializers.DateTimeField()
    is_read = serializers.BooleanField()


class NoticeList(ListView):
    """我的消息，新的在前。POST 全部标为已读。"""

    serializer_class, ordering = NoticeSerializer, ("-told_at", "-pk")

    @extend_schema(operation_id="notices", responses=page_of(NoticeSerializer))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        return self.paged(request, Notice.objects.on_site().filter(person=request.user))

    @extend_schema(operation_id="notices_read", request=None, responses={204: None})
    @opens_to(SIGNED_IN)
    def post(self, request: PersonCall) -> Response:
        services.mark_read(person=request.user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class ChoicesView(FormView):
    """用哪些方式提醒我，几点合成一条。"""

    form_class = ChoicesForm

    @extend_schema(operation_id="notice_choices", responses=dict[str, Any])
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        kept = Choices.objects.filter(person=request.user).first() or Choices(person=request.user)
        return Response(ChoicesForm.initial_of(kept))

    @extend_schema(operation_id="notice_choose", responses={204: None})
    @opens_to(SIGNED_IN)
    def post(self, request: PersonCall) -> Response:
        cleaned = checked(self, request)
        services.choose(person=request.user, ways=cleaned["ways"], digest_hours=cleaned["digest_hours"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class SubscriptionForm(forms.Form):
    accepted = forms.MultipleChoiceField(
        label="同意了的模板编号", required=False, error_messages={"invalid_choice": "没有这个模板。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accepted"].choices = [(name, name) for name in templates_of_wechat()]  # type: ignore[attr-defined]


def templates_of_wechat() -> list[str]:
    """Ids that the mini-program may ask for."""
    in_use = Template.objects.filter(channel=WECHAT, is_active=True).order_by("order", "pk")
    return list(dict.fromkeys(in_use.values_list("template_id", flat=True)))


class SubscriptionSerializer(serializers.Serializer[Subscription]):
    template_id = serializers.CharField()
    left = serializers.IntegerField(help_text="还能收几条；同意一次，收一条")


class SubscriptionList(FormView):
    """小程序可以请用户订阅的模板，和还剩几条。POST 记下刚同意了的：同意一次，收一条。"""

    form_class = SubscriptionForm

    @extend_schema(operation_id="subscriptions", responses=SubscriptionSerializer(many=True))
    @opens_to(SIGNED_IN)
    def get(self, request: PersonCall) -> Response:
        left = dict(Subscription.objects.filter(person=request.user).values_list("template_id", "left"))
        return Response([{"template_id": name, "left": left.get(name, 0)} for name in templates_of_wechat()])

    @extend_schema(operation_id="subscribe", responses={204: None})
    @opens_to(SIGNED_IN)
    def post(self, request: PersonCall) -> Response:
        services.subscribe(person=request.user, template_ids=checked(self, request)["accepted"])
        return Response(status=status.HTTP_204_NO_CONTENT)
