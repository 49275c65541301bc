"""Form fields that rooms share. Shape only."""

from typing import Any

from django import forms

from grids.models import Grid, Post


class PostsChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """People by their post."""

    def label_from_instance(self, post: Post) -> str:
        return post.words


class NodeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A node of the party tree, its level shown by how far it stands in."""

    def __init__(self, *args: Any, empty_label: str | None = "请选择", **kwargs: Any) -> None:
        super().__init__(*args, empty_label=empty_label, **kwargs)

    def label_from_instance(self, node: Grid) -> str:
        return f"{'　' * node.level}{node.name}"
