"""What this room's pages ask for. Shape only; the services say what is allowed."""

import uuid
from datetime import datetime
from typing import Any, TypedDict

from django import forms
from django.utils.timezone import get_current_timezone

from accounts.forms.fields import refuse
from cases.forms import WordsField
from grids.models import Grid, Level, Place, Room
from grids.models.querysets import GridQuerySet
from meetings.models import ActivityKind
from photos.fields import PhotoField
from web.choices import name_rows, offer_rows, offer_words
from web.time_fields import Day


class Span(TypedDict):
    from_at: datetime
    until_at: datetime


class ClockTime(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": "请填写时间。", "invalid": "请写成 09:30。"}
        super().__init__(input_formats=["%H:%M"], error_messages=messages, **kwargs)


class Count(forms.IntegerField):
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})

    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": "请填写人数。", "invalid": "请填写整数。"}
        super().__init__(error_messages=messages, **kwargs)


class PeriodForm(forms.Form):
    """One day, from and until: becomes two moments of the county's time."""

    date = Day(label="哪一天")
    from_time = ClockTime(label="从几点")
    until_time = ClockTime(label="到几点")

    def moments(self) -> Span:
        day, zone = self.cleaned_data["date"], get_current_timezone()
        return {
            "from_at": datetime.combine(day, self.cleaned_data["from_time"], zone),
            "until_at": datetime.combine(day, self.cleaned_data["until_time"], zone),
        }

    def refuse(self, refusal: Any) -> None:
        """A service's refusal at the fields of this form: the moments are its day and times."""
        refuse(self, refusal, {"from_at": "from_time", "until_at": "until_time"})


class BookForm(PeriodForm):
    people_count = Count(label="几个人", min_value=1, max_value=10_000)
    purpose = forms.CharField(
        label="用来做什么",
        max_length=80,
        help_text="例如“楼栋议事”“孩子过生日”。只有社区看得到。",
        error_messages={"required": "请写几个字，用来做什么。", "max_length": "最多 80 字。"},
    )
    group = forms.CharField(
        label="替哪个队伍或单位约（自己用不填）",
        max_length=30,
        required=False,
        help_text="例如“宜和舞蹈队”。同一个人、同一个队伍，同一时间只能约一间。",
        error_messages={"max_length": "最多 30 字。"},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4

    def arguments(self) -> dict[str, Any]:
        """What `rooms.book` takes beside the room, who books and when."""
        own = {name: self.cleaned_data[name] for name in ("purpose", "people_count", "group", "key")}
        return {**own, **self.moments()}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="原因",
        max_length=100,
        error_messages={"required": "请写明原因，对方会看到。", "max_length": "最多 100 字。"},
    )


class PlacedForm(PeriodForm):
    """Something held in one's area: in a room, at a place, or somewhere that is said in words."""

    grid = forms.ModelChoiceField(
        label="哪个社区或小区",
        queryset=Grid.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择社区或小区。"},
    )
    room = forms.ModelChoiceField(
        label="用哪间房（可不选）", queryset=Room.objects.none(), required=False, empty_label="不用房间"
    )
    place = forms.ModelChoiceField(
        label="或在哪个阵地（可不选）", queryset=Place.objects.none(), required=False, empty_label="不在阵地"
    )
    where = forms.CharField(
        label="具体地点（可不填）", required=False, max_length=60, help_text="不在阵地时写清楚，例如“宜和广场舞台”。"
    )
    levels: tuple[Level, ...] = (Level.COMMUNITY, Level.ESTATE)

    def __init__(self, *args: Any, within: GridQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nodes = within.current().filter(level__in=self.levels).order_by("tree_id", "lft")
        offer_rows(self.fields["grid"], nodes, lambda node: "　" * (node.level - 1) + node.name)
        places = Place.objects.filter(grid__in=within.order_by(), closed_date=None).order_by("name")
        offer_rows(self.fields["place"], places)
        rooms = Room.objects.filter(place__in=places.order_by(), is_bookable=True).select_related("place")
        offer_rows(
            self.fields["room"],
            rooms.order_by("place__name", "name"),
            lambda room: f"{room.place.name} {room.name}（{room.seats} 人）",
        )


class ActivityForm(PlacedForm):
    title = forms.CharField(label="活动", max_length=60, error_messages={"required": "请写明是什么活动。"})
    kind = forms.ModelChoiceField(
        label="类型",
        queryset=ActivityKind.objects.filter(is_active=True).order_by("family", "order", "pk"),
        empty_label="请选择",
        error_messages={"required": "请选择类型。"},
    )
    words = WordsField(label="说明（可不填）", max_length=2000, required=False)
    seats = Count(label="名额", min_value=1, max_value=10_000)
    field_order = [
        "title",
        "kind",
        "grid",
        "date",
        "from_time",
        "until_time",
        "seats",
        "room",
        "place",
        "where",
        "words",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_rows(self.fields["kind"], lambda kind: f"{kind.get_family_display()} · {kind.name}")


class CodeForm(forms.Form):
    code = forms.CharField(
        label="签到码",
        max_length=12,
        help_text="现场牌子上的 6 位数字。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "请填写签到码。"},
    )


class SeatsForm(forms.Form):
    seats = Count(label="名额", min_value=1, max_value=10_000)


class HowManyForm(forms.Form):
    how_many = Count(label="来了几人", min_value=1, max_value=10_000)


class TickForm(forms.Form):
    sign_ups = forms.MultipleChoiceField(
        label="谁到了", widget=forms.CheckboxSelectMultiple, error_messages={"required": "请勾选到场的人。"}
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_words(self.fields["sign_ups"], people)


class PlacePhotoForm(forms.Form):
    photo = PhotoField(label="照片")
    words = forms.CharField(
        label="照片上是什么",
        max_length=60,
        help_text="看不见照片的人会听到这句话。",
        error_messages={"required": "请写几个字，照片上是什么。", "max_length": "最多 60 字。"},
    )
