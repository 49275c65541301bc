"""Form fields that rooms share. Shape only."""

from typing import Any

from django import forms

from grids.models import Grid, Post


class Moment(forms.DateTimeField):
    """A day and a time, typed or picked."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": "请填写日期和时间。", "invalid": "请写成 2026-11-23 09:30。"}
        super().__init__(
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"], error_messages=messages, **kwargs
        )


class PostsChoice(forms.ModelMultipleChoiceField):
    """People by their post."""

    def label_from_instance(self, post: Post) -> str:
        return post.words


class NodeChoice(forms.ModelChoiceField):
    """A node of the party tree, its level shown by how far it stands in."""

    def label_from_instance(self, node: Grid) -> str:
        return f"{'　' * node.level}{node.name}"
