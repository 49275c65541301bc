"""Cases as the API shows them: the same facts as the pages, no more."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from cases.models import Case, Category
from cases.reading.story import Line, ReferralLine
from cases.workflow import Arrow


class CaseSerializer(serializers.Serializer[Case]):
    """A card: what, where, who holds it, by when. Each field is named: to look them up in the model anew for each answer
    would cost more than the answer."""

    number = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    place = serializers.CharField()
    category = serializers.CharField(source="category.path", default=None, allow_null=True)
    urgency = serializers.CharField()
    state = serializers.CharField()
    state_label = serializers.CharField()
    holder = serializers.CharField(source="holder_words")
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    finish_by_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    is_supervised = serializers.BooleanField()
    is_late = serializers.SerializerMethodField(help_text="过了办理人的时限；等居民评价不算")
    version = serializers.IntegerField()

    def get_is_late(self, case: Case) -> bool:
        return case.is_late(timezone.now())


class CategorySerializer(serializers.Serializer[Category]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    path = serializers.CharField(help_text="城乡建设/市政管理/路灯")
    parent = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]  # a field of this name


class LineSerializer(serializers.Serializer[Line]):
    """One entry of the story."""

    at = serializers.DateTimeField()
    title = serializers.CharField()
    words = serializers.CharField()
    by = serializers.CharField(source="by_words")
    photos = serializers.SerializerMethodField()

    def get_photos(self, line: Line) -> list[dict[str, str]]:
        return [{"url": photo.url, "thumbnail_url": photo.thumb_url, "note": photo.note} for photo in line.photos]


class ArrowSerializer(serializers.Serializer[Arrow]):
    """What this person may do next, and what must be said with it."""

    verb = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name, not the words of this one
    needs = serializers.ListField(child=serializers.CharField())
    may_say = serializers.ListField(child=serializers.CharField())
    is_main = serializers.BooleanField()
    has_page = serializers.BooleanField(source="door", help_text="要说的较多：/cases/<编号>/<verb>/ 有自己的一页")


class ReferralSerializer(serializers.Serializer[ReferralLine]):
    """What waits for the police."""

    officer = serializers.CharField(source="officer_words")
    by = serializers.CharField(source="by_words")
    why = serializers.CharField()
    at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()


class CaseInFullSerializer(CaseSerializer):
    """A card with its story, the acts that are open to this person, and what waits for the police."""

    story = LineSerializer(many=True)
    arrows = ArrowSerializer(many=True)
    referral = ReferralSerializer(allow_null=True)


class ActSerializer(serializers.Serializer[None]):
    """What an act takes: `needs` and `may_say` of its arrow say which of these. The form of the page checks it."""

    version = serializers.IntegerField(help_text="读到的 version，期间被别人办过会拒绝")
    words = serializers.CharField(required=False)
    photos = serializers.ListField(child=serializers.FileField(), required=False)
    post = serializers.IntegerField(required=False, help_text="派给哪个岗位")
    helper = serializers.IntegerField(required=False)
    score = serializers.IntegerField(required=False, help_text="1–5 星")
    is_solved = serializers.BooleanField(required=False)
    amount = serializers.IntegerField(required=False, help_text="天数")
    category = serializers.IntegerField(required=False)
    urgency = serializers.CharField(required=False)


def with_story(
    case: Case, lines: list[Line], arrows: list[Arrow], referral: ReferralLine | None = None
) -> dict[str, Any]:
    """One case in full."""
    return {
        **CaseSerializer(case).data,
        # The stubs know one row only.
        "story": LineSerializer(lines, many=True).data,  # type: ignore[arg-type]
        "arrows": ArrowSerializer(arrows, many=True).data,  # type: ignore[arg-type]
        "referral": ReferralSerializer(referral).data if referral else None,
    }
