"""What the staff's own pages of this room ask for (those of the admin are in grids/forms/staff.py). Shape only."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.forms.fields import PhoneField
from grids.forms.fields import NodeChoice, PostsChoice
from grids.models import Grid, Post
from grids.models.staffing import roster_choices
from web.choices import offer_rows
from web.time_fields import Day, Moment


class RosterForm(forms.Form):
    """One more on a community's roster, named by phone; a new one gets an account without a password."""

    role = forms.ChoiceField(label="岗位", choices=roster_choices)
    phone = PhoneField(
        label="手机号",
        max_length=30,
        help_text="只用来登录和通知，不公开。",
        error_messages={"required": "请填写手机号。"},
    )
    name = forms.CharField(
        label="姓名",
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="已有账号的人以账号上的姓名为准。",
        error_messages={"required": "请填写姓名。", "max_length": "最多 50 字。"},
    )
    from_date = Day(label="从哪天起（可不填）", required=False, help_text="不填为现在。")
    until_date = Day(label="到哪天止（可不填）", required=False)


class ShiftForm(forms.Form):
    begins_at = Moment(label="开始")
    ends_at = Moment(label="结束")
    posts = PostsChoice(
        label="谁值班",
        queryset=Post.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一位值班人员。", "invalid_choice": "有人已不在任，请重新选择。"},
    )
    note = forms.CharField(
        label="地点或安排（可不填）", required=False, max_length=100, error_messages={"max_length": "最多 100 字。"}
    )

    def __init__(self, *args: Any, posts: QuerySet[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self.fields["posts"], posts.order_by("grid__lft", "role", "pk"))


class SafetyForm(forms.Form):
    grid = NodeChoice(
        label="给哪里的居民看",
        queryset=Grid.objects.none(),
        empty_label=None,
        error_messages={"required": "请选择范围。", "invalid_choice": "这里不归您发布，请重新选择。"},
    )
    title = forms.CharField(
        label="标题",
        max_length=60,
        error_messages={"required": "请写一个标题。", "max_length": "标题最多 60 字。"},
        help_text="例如：谨防冒充客服退款诈骗",
    )
    words = forms.CharField(
        label="内容",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请写明内容。", "max_length": "最多 1000 字，您写了 %(show_value)s 字。"},
    )
    from_at = Moment(label="从什么时候起")
    until_at = Moment(label="到什么时候止")

    def __init__(self, *args: Any, nodes: QuerySet[Grid], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self.fields["grid"], nodes.order_by("tree_id", "lft"))
