"""A table handed in, with what its kind asks beside it. What can be told of it in a moment is told at its field."""

from typing import Any

from django import forms

from cases.forms import TableField, WordsField
from grids.models.querysets import GridQuerySet
from imports.kinds import Kind
from tables.reading import check_beginning


class TakeBackForm(forms.Form):
    words = WordsField(
        label="为什么撤回",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="责任人会看到，例如“地点一栏错位，改好再导”。",
        error_messages={"required": "请写明为什么撤回。", "max_length": "最多 200 字，您写了 %(show_value)s 字。"},
    )


class ImportForm(forms.Form):
    file = TableField()

    def __init__(self, *args: Any, kind: Kind, area: GridQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["file"].help_text = f"第一行是列名，{kind.layout.words}。"
        self.fields |= {name: make(area) for name, make in kind.fields.items()}

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        self.content: bytes = upload.read()
        check_beginning(self.content, self.kind.layout)
        return upload
