"""What is asked around the panel of experts: finding one, booking, writing to each other, going over to mediation; and the
fields of the consultation's own arrows. Shape only."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.forms.fields import refuse
from accounts.models import User
from cases.forms import WordsField
from cases.models import Case
from cases.models.rating import Score
from disputes.experts.services.booking import MAX_MATTER, fitting_slots
from disputes.experts.services.threads import MAX_WORDS, Paper, check_paper
from disputes.forms.arrows import TypeChoice, too_long
from disputes.forms.pages import MatterForm, SpotForm
from disputes.models import Expert, ExpertField, Slot
from grids.models import Grid, Level
from photos.fields import PhotosField
from web.choices import offer_rows
from web.time_fields import Day

MAX_PAPERS = 3
SLOTS_SHOWN = 24


class SlotChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, slot: Slot) -> str:
        return slot.words


class SlotOfAnyChoice(SlotChoice):
    def label_from_instance(self, slot: Slot) -> str:
        return f"{slot.expert.words} {slot.words}"


GONE = {
    "required": "请选一个时间。",
    "invalid_choice": "这个时间刚刚被别人约走，或者已经过去，请另选一个。您写的内容还在。",
}


def _slots(expert: Expert) -> Any:
    return Slot.objects.free(timezone.now()).filter(expert=expert).order_by("from_at")


def _shown(slots: Any) -> Any:
    """The next ones; a list without end helps nobody."""
    return Slot.objects.filter(pk__in=list(slots.values_list("pk", flat=True)[:SLOTS_SHOWN])).order_by("from_at", "pk")


def bookable_slots(expert: Expert) -> Any:
    return _shown(_slots(expert))


class FindForm(forms.Form):
    """Filters of the cards. Without JavaScript: a GET."""

    field = forms.ModelChoiceField(
        label="想问什么",
        required=False,
        empty_label="全部领域",
        queryset=ExpertField.objects.filter(is_active=True).order_by("order", "pk"),
    )
    community = forms.ModelChoiceField(
        label="在哪个社区", required=False, empty_label="全部社区", queryset=Grid.objects.none()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communities = Grid.objects.current().filter(level=Level.COMMUNITY).order_by("tree_id", "lft")
        offer_rows(self.fields["community"], communities, lambda node: node.name)


class BookForm(forms.Form):
    """When, and what about: all on the expert's own page."""

    slot = SlotChoice(
        label="选一个时间",
        queryset=Slot.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages=GONE,
    )
    field = forms.ModelChoiceField(
        label="哪一类",
        queryset=ExpertField.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择是哪一类。", "invalid_choice": "这位专家不看这一类，请另选。"},
    )
    community = forms.ModelChoiceField(
        label="您在哪个社区",
        queryset=Grid.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择社区。", "invalid_choice": "这位专家不服务这个社区，请另选。"},
    )
    matter = WordsField(
        label="想问什么",
        max_length=MAX_MATTER,
        help_text="只有专家看得到。",
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "例如：租的房子漏水，房东不退押金，该怎么办？"}),
        error_messages={"required": "请写几句想问什么，专家好有准备。", **too_long(MAX_MATTER)},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, expert: Expert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self.fields["slot"], bookable_slots(expert))
        offer_rows(self.fields["field"], expert.fields.filter(is_active=True).order_by("order", "pk"))
        communities = expert.communities.filter(retired_at=None).order_by("tree_id", "lft")
        offer_rows(self.fields["community"], communities, lambda node: node.name)

    def arguments(self, resident: User) -> dict[str, Any]:
        """What `booking.book` takes beside who books and when; nobody else's key leads here."""
        asked = dict(self.cleaned_data)
        key = asked.pop("key")
        return {**asked, "submit_key": f"{resident.pk}:{key}"}


class PapersInput(forms.ClearableFileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        uploads: list[Any] = files.getlist(name)
        return uploads


class PapersField(forms.FileField):
    widget = PapersInput(attrs={"accept": "application/pdf"})

    def clean(self, data: Any, initial: Any = None) -> list[Paper]:
        uploads = [upload for upload in data or () if upload]
        if len(uploads) > MAX_PAPERS:
            raise forms.ValidationError(f"一次最多 {MAX_PAPERS} 个文件，请分几次发。")
        return [check_paper(upload) for upload in uploads]


class ThreadForm(forms.Form):
    words = WordsField(
        label="想说的话",
        required=False,
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=too_long(MAX_WORDS),
    )
    photos = PhotosField(label="照片（可不选，最多 9 张）", required=False)
    papers = PapersField(label="文件（可不选，只收 PDF，每个不超过 10 MB）", required=False)


TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class HoursForm(forms.Form):
    """One free time on one day. Shape only."""

    day = Day(label="哪一天")
    begins = forms.TimeField(
        label="从几点", widget=TIME, error_messages={"required": "请填几点开始。", "invalid": "请填时间，例如 09:00。"}
    )
    ends = forms.TimeField(
        label="到几点", widget=TIME, error_messages={"required": "请填几点结束。", "invalid": "请填时间，例如 10:00。"}
    )
    place = forms.CharField(label="在哪里（不填即线上）", required=False, max_length=60, error_messages=too_long(60))

    def slot(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        day = cleaned["day"]
        return {
            "from_at": timezone.make_aware(datetime.combine(day, cleaned["begins"])),
            "until_at": timezone.make_aware(datetime.combine(day, cleaned["ends"])),
            "place": cleaned["place"],
        }

    def refuse(self, refusal: ValidationError) -> None:
        """The moments are the fields of their times."""
        refuse(self, refusal, {"from_at": "begins", "until_at": "ends"})


class ReferForm(SpotForm, MatterForm):
    """Where it is, and what of it goes to the mediators: only what the resident writes here."""

    field_order = [
        "place", "building", "place_note", "other_name", "other_phone", "other_is_organisation", "guardian", "summary",
        "wish", "has_violence_risk",
    ]  # fmt: skip

    def __init__(self, *args: Any, community: Grid, **kwargs: Any) -> None:
        super().__init__(*args, within=Grid.objects.in_area([community]), **kwargs)

    def arguments(self, resident: User) -> dict[str, Any]:
        """What `referral.agree` takes beside the case, who agrees and when."""
        cleaned = self.cleaned_data
        return {
            "summary": cleaned["summary"],
            "wish": cleaned["wish"],
            "parties": [self.asking_party(resident), self.other_party()],
            "has_violence_risk": cleaned["has_violence_risk"],
            **self.where(),
        }


def _slot(case: Case, required: bool) -> forms.Field:
    """Free slots of the expert, or of any who fits where the community arranges."""
    more: dict[str, Any] = {"widget": forms.RadioSelect, "error_messages": GONE, "empty_label": None}
    if case.state == "stranded":
        slots = fitting_slots(case, at=timezone.now()).order_by("from_at")
        return SlotOfAnyChoice(
            label="哪位专家，什么时候", queryset=_shown(slots).select_related("expert__person"), **more
        )
    return SlotChoice(label="改到什么时候", queryset=bookable_slots(case.consultation.expert), **more)


def _score(case: Case, required: bool) -> forms.Field:
    return forms.TypedChoiceField(
        label="这次问诊您满意吗",
        choices=Score.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项满意度。"},
    )


def _advice(case: Case, required: bool) -> forms.Field:
    return WordsField(
        label="对专家说几句（可不填，只有专家看得到）",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=too_long(500),
    )


def _type(case: Case, required: bool) -> forms.Field:
    return TypeChoice()


FIELDS = {"slot": _slot, "score": _score, "advice": _advice, "type": _type}
