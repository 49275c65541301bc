"""What the pages of topics, votes and covenants ask for. Shape only; the services say what is allowed."""

import re
import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import get_current_timezone, localtime

from accounts.forms.fields import person_field, refuse
from accounts.models import User
from cases.forms import VersionField, WordsField
from cases.models import Case
from grids.buildings.form import DoorForm
from meetings.desk.forms import ClockTime
from meetings.models import Vote, Voter
from meetings.topics.services import MAX_WORDS
from meetings.votes import urn
from meetings.votes.quorum import Basis
from meetings.votes.rules import rules_for
from web.choices import offer_rows, offer_words
from web.time_fields import Day


def too_long(most: int) -> dict[str, str]:
    return {"max_length": f"最多 {most} 字，您写了 %(show_value)s 字，请精简一些。"}


class ProposeForm(DoorForm):
    title = forms.CharField(
        label="想商量什么",
        max_length=60,
        help_text="一句话，例如“给 3 幢加装扶手”。",
        error_messages={"required": "请用一句话写明想商量什么。", **too_long(60)},
    )
    words = WordsField(
        label="为什么提、想怎么办",
        max_length=MAX_WORDS,
        help_text="大家都看得到，请不要写别人的姓名和电话。",
        error_messages={"required": "请写几句话：为什么提、想怎么办。", **too_long(MAX_WORDS)},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ["place", "title", "words"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["building"]
        self.fields["place"].label = "哪个小区或社区的事"
        self.fields["place"].help_text = "小区自己的事选小区，整个社区的事选社区。"
        self.fields["key"].initial = uuid.uuid4

    def arguments(self, person: User) -> dict[str, Any]:
        """What `topics.propose` takes beside who proposes and when; nobody else's key leads here."""
        cleaned = self.cleaned_data
        return {
            "grid": cleaned["place"],
            "title": cleaned["title"],
            "words": cleaned["words"],
            "submit_key": f"{person.pk}:{cleaned['key']}",
        }


class CommentForm(forms.Form):
    words = WordsField(
        label="您的意见",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写下您的意见。", **too_long(500)},
    )
    clause = forms.TypedChoiceField(label="针对哪一条", coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, clauses: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(clause.pk, f"第 {clause.number} 条") for clause in clauses]
        if choices:
            offer_words(self.fields["clause"], [("", "整份草案"), *choices])
        else:
            del self.fields["clause"]


class VoteChangeForm(forms.Form):
    """What of a vote may still change when its roll stands: what about, from when until when."""

    version = VersionField()
    question = forms.CharField(
        label="表决什么", max_length=200, error_messages={"required": "请写明表决什么。", **too_long(200)}
    )
    proposals = WordsField(
        label="方案（一行一个）",
        max_length=1000,
        initial="同意",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="“不同意”和“弃权”会自动加上。",
        error_messages={"required": "请至少写一个方案，例如“同意”。"},
    )
    opens_date = Day(label="开始日期")
    opens_time = ClockTime(label="开始时间")
    closes_date = Day(label="截止日期")
    closes_time = ClockTime(label="截止时间")

    @property
    def arguments(self) -> dict[str, Any]:
        """What the services take beside the case and who draws it."""
        cleaned = self.cleaned_data
        return {
            "question": cleaned["question"],
            "proposals": cleaned["proposals"].split("\n"),
            "opens_at": self._moment("opens"),
            "closes_at": self._moment("closes"),
        }

    def _moment(self, which: str) -> datetime:
        day, hour = self.cleaned_data[f"{which}_date"], self.cleaned_data[f"{which}_time"]
        return datetime.combine(day, hour, get_current_timezone())

    def refuse(self, refusal: Any) -> None:
        """The moments are their dates."""
        refuse(self, refusal, {"opens_at": "opens_date", "closes_at": "closes_date"})


class VoteForm(VoteChangeForm):
    """How a vote is held: also by whom, and whether secretly."""

    basis = forms.ChoiceField(
        label="谁来表决", widget=forms.RadioSelect, error_messages={"required": "请选择谁来表决。"}
    )
    is_secret = forms.BooleanField(
        label="不记名投票", required=False, help_text="要请三位监票人到场领钥匙，截止后再来两位开箱计票。"
    )
    field_order = ("version", "question", "proposals", "basis", "is_secret")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = rules_for(case.topic.matter, case.grid)
        offer_words(
            self.fields["basis"], [(rule.basis, f"{rule.body_name}：{rule.get_basis_display()}") for rule in rules]
        )
        self.fields["basis"].initial = next((rule.basis for rule in rules), None)
        sentences = (f"{rule.get_basis_display()}：{rule.words}；{rule.times_words}。" for rule in rules)
        self.fields["basis"].help_text = "".join(sentences) or "这类事项没有启用的表决规则，请街道在“表决规则”里启用。"
        if any(rule.basis == Basis.OWNERS for rule in rules):
            del self.fields["is_secret"]

    @property
    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {**super().arguments, "basis": cleaned["basis"], "is_secret": cleaned.get("is_secret", False)}


def moments(opens_at: datetime, closes_at: datetime) -> dict[str, Any]:
    """As `VoteForm` shows them at first."""
    opens, closes = localtime(opens_at), localtime(closes_at)
    return {
        "opens_date": opens.date(),
        "opens_time": opens.time(),
        "closes_date": closes.date(),
        "closes_time": closes.time(),
    }


class SlipField(forms.CharField):
    """A witness's slip as it was copied from the paper."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            max_length=60,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            error_messages={"required": "请照纸条抄入。", **too_long(60)},
        )

    def clean(self, value: Any) -> urn.Slip | None:
        typed = super().clean(value)
        slip = urn.read_slip(typed)
        if slip is None:
            raise forms.ValidationError("这张抄错了或没有抄全：一共 24 个字母和数字，请对着纸条再看一遍。")
        return slip


class SlipsForm(forms.Form):
    """Two different slips."""

    first_slip = SlipField("先抄一张钥匙")
    second_slip = SlipField("再抄另一张")

    @property
    def slips(self) -> tuple[urn.Slip, urn.Slip]:
        return self.cleaned_data["first_slip"], self.cleaned_data["second_slip"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, second = cleaned.get("first_slip"), cleaned.get("second_slip")
        if first and second and first.number == second.number:
            self.add_error("second_slip", "两次抄的是同一张，请抄另一位监票人的。")
        return cleaned


class UrnForm(SlipsForm):
    """Who the witnesses are, and that two of their slips open this urn."""

    key = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    witnesses = forms.CharField(
        label="三位监票人的姓名",
        max_length=100,
        help_text="用顿号或空格隔开，会写在表决页上。",
        error_messages={"required": "请写三位监票人的姓名。", **too_long(100)},
    )
    field_order = ["witnesses", "first_slip", "second_slip", "key"]

    def clean_witnesses(self) -> list[str]:
        names = [name for name in re.split(r"[、，,;；\s]+", self.cleaned_data["witnesses"]) if name]
        if not len(set(names)) == len(names) == urn.WITNESSES:
            raise forms.ValidationError(f"要写 {urn.WITNESSES} 位，不能重复，现在是 {len(set(names))} 位。")
        return names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and urn.public_key(urn.joined(*self.slips)) != cleaned["key"]:
            self.add_error("second_slip", "这两张不是刚才这三张里的。请对着刚打印的抄；没有打印好的，请从头再来一次。")
        return cleaned


class OpenUrnForm(SlipsForm):
    version = VersionField()


class BallotForm(forms.Form):
    """The choice is looked for among all options, never asked of the database: see `meetings.votes.services.cast`."""

    option = forms.TypedChoiceField(
        label="您的选择",
        widget=forms.RadioSelect,
        empty_value=None,
        error_messages={"required": "请选一项。", "invalid_choice": "选项刚刚有改动，请重新看过再投。"},
    )

    def __init__(self, *args: Any, vote: Vote, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = {str(option.pk): option for option in vote.options.all()}
        choice = self.fields["option"]
        assert isinstance(choice, forms.TypedChoiceField)
        choice.choices, choice.coerce = [(key, option.words) for key, option in options.items()], options.__getitem__


class CastForm(BallotForm):
    """By an app: of a secret vote, with the slip that its receipt stands on."""

    slip = forms.CharField(
        label="不记名表决时要：读取这次表决，那一票下面的 slip",
        required=False,
        max_length=200,
        error_messages={"required": "不记名表决要带上 slip，请先读取这次表决。"},
    )

    def __init__(self, *args: Any, vote: Vote, **kwargs: Any) -> None:
        super().__init__(*args, vote=vote, **kwargs)
        self.fields["slip"].required = vote.is_secret


class ProxyForm(forms.Form):
    to = person_field("受托人的手机号")


class ReceiptForm(forms.Form):
    receipt = forms.CharField(
        label="回执号",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写投票时记下的回执号。"},
    )


class PaperBallotForm(BallotForm):
    voter = forms.ModelChoiceField(
        label="谁的票",
        queryset=Voter.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择是谁的票。", "invalid_choice": "这一票刚刚已经投了。"},
    )
    field_order = ["voter", "option"]

    def __init__(self, *args: Any, vote: Any, **kwargs: Any) -> None:
        super().__init__(*args, vote=vote, **kwargs)
        waiting = Voter.objects.filter(voice__vote=vote, voice__is_cast=False, given_by=None)
        offer_rows(
            self.fields["voter"],
            waiting.select_related("voice", "person").order_by("voice__label", "pk"),
            lambda voter: f"{voter.voice.label} {voter.person.name}",
        )


class DraftForm(forms.Form):
    version = VersionField()
    title = forms.CharField(
        label="公约名称", max_length=60, error_messages={"required": "请写公约的名称。", **too_long(60)}
    )
    clauses = WordsField(
        label="条款（一行一条）",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="不用写“第几条”，会自动编号。",
        error_messages={"required": "请至少写一条。"},
    )
