"""Experts and conversations as the API shows them."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from cases.api.serializers import CaseSerializer
from disputes.experts.finding import card_of
from disputes.models import Expert, ExpertField, Message, Slot


class FieldSerializer(serializers.Serializer[ExpertField]):
    """What people come with."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class SlotSerializer(serializers.Serializer[Slot]):
    id = serializers.IntegerField()
    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField()
    place = serializers.CharField(source="where")


class OwnSlotSerializer(SlotSerializer):
    is_taken = serializers.BooleanField(help_text="已有人约")


class ExpertSerializer(serializers.Serializer[Expert]):
    """A card."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="person.name")
    kind = serializers.CharField(source="get_kind_display")
    fields_of_work = serializers.SerializerMethodField(help_text="看哪几类")
    languages = serializers.CharField()
    rated = serializers.SerializerMethodField(help_text="评价的人够多才有")
    load = serializers.IntegerField(help_text="手上几件")
    next_free_at = serializers.DateTimeField(source="next_from_at", allow_null=True, help_text="空的是近期约满")
    photo = serializers.SerializerMethodField(help_text="照片的地址；没有的为空")

    def get_fields_of_work(self, expert: Any) -> list[dict[str, Any]]:
        return [{"id": field.pk, "name": field.name} for field in expert.fields.all() if field.is_active]

    def get_rated(self, expert: Any) -> str:
        return str(card_of(expert)["rated"])

    def get_photo(self, expert: Expert) -> str:
        return reverse("api:expert-photo", args=[expert.pk]) if expert.photo else ""


class ExpertInFullSerializer(ExpertSerializer):
    """With the times that can be booked, and where this expert serves."""

    introduction = serializers.CharField()
    communities = serializers.SerializerMethodField()
    slots = SlotSerializer(many=True, source="shown_slots")

    def get_communities(self, expert: Expert) -> list[dict[str, Any]]:
        current = expert.communities.filter(retired_at=None).order_by("tree_id", "lft")
        return list(current.values("id", "name"))


class FileSerializer(serializers.Serializer[None]):
    url = serializers.CharField()
    thumbnail_url = serializers.CharField(help_text="PDF 没有缩略图")
    name = serializers.CharField()


class MessageSerializer(serializers.Serializer[Message]):
    id = serializers.IntegerField()
    by = serializers.CharField(source="by.name")
    is_mine = serializers.SerializerMethodField()
    words = serializers.CharField()
    at = serializers.DateTimeField()
    files = serializers.SerializerMethodField()

    def get_is_mine(self, message: Message) -> bool:
        return bool(message.by_id == self.context["reader"].pk)

    def get_files(self, message: Message) -> list[dict[str, str]]:
        number = self.context["number"]
        return [
            {
                "url": reverse("api:consultation-file", args=[number, kept.token]),
                "thumbnail_url": reverse("api:consultation-thumbnail", args=[number, kept.token])
                if kept.thumbnail
                else "",
                "name": kept.name,
            }
            for kept in message.files.all()
        ]


class ConsultationSerializer(serializers.Serializer[None]):
    """What the two share: the time, what it is about, and what they have said."""

    case = CaseSerializer()
    is_open = serializers.BooleanField(help_text="现在能不能留言")
    field = serializers.CharField()
    matter = serializers.CharField()
    slot = SlotSerializer(allow_null=True)
    summary_to_copy = serializers.CharField(help_text="专家建议转调解时，可以带过去的话；心理咨询的总是空的")
    messages = MessageSerializer(many=True)
