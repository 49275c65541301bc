"""写一杯茶记录: two minutes on a phone. What is usual is filled in: my 议事点, now, me; a week for what was agreed, in my
hands."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate, localtime

from accounts.models import User
from cases.forms import PostChoice, WordsField
from grids.models import Grid, Level, Place, Post
from grids.rights.jurisdiction import posts_of
from grids.roles import roles_with
from meetings.desk.forms import Count
from meetings.models import TeaTalk, Topic
from meetings.tea_talks.services import MOST_AGREED, Agreement, own_grids, tea_tables
from web.choices import choice_of_rows, offer_rows
from web.time_fields import Day, Moment

USUAL = timedelta(days=7)
MAX_SAID = 1000


class TeaTalkForm(forms.Form):
    subject = forms.CharField(
        label="什么事",
        max_length=60,
        help_text="会公开，不写姓名和门牌。例如“楼道堆放电动车”。",
        error_messages={"required": "请写几个字，谈的什么事。", "max_length": "最多 60 字。"},
    )
    discussion = WordsField(
        label="怎么谈的（可不填）",
        max_length=MAX_SAID,
        required=False,
        help_text="点键盘上的话筒可以直接说。不公开。",
        error_messages={"max_length": f"最多 {MAX_SAID} 字，您写了 %(show_value)s 字。"},
    )
    people_count = Count(label="来了几人", min_value=1, max_value=10_000)
    outcome = forms.ChoiceField(
        label="谈得怎么样",
        choices=TeaTalk.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选谈得怎么样。"},
    )
    grid = forms.ModelChoiceField(label="哪里的事", queryset=Grid.objects.none(), empty_label=None)
    place = forms.ModelChoiceField(
        label="在哪个议事点", queryset=Place.objects.none(), required=False, empty_label="不在议事点"
    )
    where = forms.CharField(
        label="具体地点（可不填）", required=False, max_length=60, help_text="不在议事点时写清楚，例如“3 幢楼下”。"
    )
    held_at = Moment(label="什么时候谈的")
    host = PostChoice(label="谁主持", queryset=Post.objects.none(), required=False, empty_label="我主持")
    present = WordsField(
        label="谁在场（可不填）",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不公开，180 天后清除。",
    )
    is_public = forms.BooleanField(
        label="在议事点页面公开", required=False, help_text="公开什么事、几人、商定了什么；邻里纠纷可以不公开。"
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    topic = forms.ModelChoiceField(
        queryset=Topic.objects.filter(case__state="discussing").select_related("case__grid"),
        to_field_name="case__number",
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "这个议题现在不在协商。"},
    )

    def __init__(self, *args: Any, person: User, at: datetime, topic: Topic | None = None, **kwargs: Any) -> None:
        grids = own_grids(person).order_by("tree_id", "lft")
        own = max(posts_of(person, at=at), key=lambda post: post.grid.level if post.grid else -1)
        tables = tea_tables(grids, on=localdate(at))
        first: dict[str, Any] = {
            "grid": grids.filter(pk=own.grid_id).first() or grids.first(), "place": tables.first(), "is_public": True,
            "held_at": localtime(at).replace(second=0, microsecond=0), "key": uuid.uuid4(),
        }  # fmt: skip
        if topic is not None:
            first |= {"topic": topic.case.number, "subject": topic.case.title[:60]}
            first["grid"] = grids.filter(pk=topic.case.grid_id).first() or first["grid"]
        super().__init__(*args, **{**kwargs, "initial": first})
        offer_rows(self.fields["grid"], grids, lambda node: node.name)
        offer_rows(self.fields["place"], tables)
        communities = Grid.objects.get_queryset_ancestors(grids.order_by(), include_self=True)
        area = Grid.objects.in_area(communities.filter(level=Level.COMMUNITY)).current()
        nodes = area.order_by() | communities.order_by()
        posts = Post.objects.held_at(at).filter(grid__in=nodes, role__in=roles_with("see"))
        self.posts = posts.select_related("person", "grid").order_by("grid__tree_id", "grid__lft", "pk")
        self._add_agreed(own, localdate(at + USUAL))
        self._offer_posts()

    def _add_agreed(self, own: Post, by_date: Any) -> None:
        for n in range(1, MOST_AGREED + 1):
            self.fields[f"what_{n}"] = forms.CharField(
                label="做什么（没有就不填）",
                max_length=80,
                required=False,
                help_text="" if n > 1 else "会公开，不写姓名和门牌。",
            )
            self.fields[f"post_{n}"] = PostChoice(
                label="谁来办", queryset=Post.objects.none(), required=False, initial=own.pk, empty_label="请选择"
            )
            self.fields[f"by_date_{n}"] = Day(label="哪天以前", required=False, initial=by_date)

    def _offer_posts(self) -> None:
        """The same people in four selects: looked up once."""
        shown = [(post.pk, post.words) for post in self.posts]
        for name in ("host", *(f"post_{n}" for n in range(1, MOST_AGREED + 1))):
            field = choice_of_rows(self.fields[name])
            field.queryset = self.posts
            field.choices = [("", field.empty_label), *shown]

    def agreements_asked(self) -> Iterator[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        for n in range(1, MOST_AGREED + 1):
            yield self[f"what_{n}"], self[f"post_{n}"], self[f"by_date_{n}"]

    def first_agreed(self) -> tuple[forms.BoundField, forms.BoundField, forms.BoundField]:
        return next(self.agreements_asked())

    def more_agreed(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return list(self.agreements_asked())[1:]

    def filled_in(self) -> list[forms.BoundField]:
        """What is filled in already and seldom changed."""
        return [self[name] for name in ("held_at", "place", "where", "grid", "host", "present")]

    @property
    def opens_filled_in(self) -> bool:
        """Something in there is to be put right."""
        return any(field.errors for field in self.filled_in())

    @property
    def opens_more_agreed(self) -> bool:
        return any(field.errors or field.value() for what, _, _ in self.more_agreed() for field in (what,))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for n in range(1, MOST_AGREED + 1):
            if cleaned.get(f"what_{n}", "").strip():
                for name, words in ((f"post_{n}", "请选谁来办。"), (f"by_date_{n}", "请填写哪天以前办好。")):
                    if not cleaned.get(name) and name not in self.errors:
                        self.add_error(name, words)
        return cleaned

    @property
    def arguments(self) -> dict[str, Any]:
        """What the service takes. The third thing may be filled in where the second is not."""
        cleaned = self.cleaned_data
        names = (
            "key", "grid", "place", "where", "held_at", "people_count", "subject", "discussion", "outcome", "present",
            "is_public", "topic",
        )  # fmt: skip
        host = cleaned["host"]
        return {
            **{name: cleaned[name] for name in names},
            "host": host.person if host else None,
            "agreed": [
                Agreement(cleaned[f"what_{n}"], cleaned[f"post_{n}"], cleaned[f"by_date_{n}"]) for n in self.filled
            ],
        }

    @property
    def filled(self) -> list[int]:
        return [n for n in range(1, MOST_AGREED + 1) if self.cleaned_data[f"what_{n}"].strip()]

    def refuse(self, refusal: ValidationError) -> None:
        """The service counts what is agreed; the form knows in which line it stood."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        line = {str(number): str(n) for number, n in enumerate(self.filled, 1)}
        for field, errors in refusal.error_dict.items():
            name, _, number = field.rpartition("_")
            own = f"{name}_{line[number]}" if number in line else field
            self.add_error(own if own in self.fields else None, ValidationError(errors))
