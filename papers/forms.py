"""Forms of the pages of papers. Shape only."""

from typing import Any

from django import forms


class VerifyForm(forms.Form):
    number = forms.CharField(
        label="文书编号", required=False, max_length=30, help_text="印在文书每页下方，例如 WS-7K3M-9QXT。"
    )
    file = forms.FileField(
        label="文书的 PDF 文件（可不选）", required=False, help_text="选了文件，还能核对内容有没有改动。"
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("number", "").strip() and not cleaned.get("file"):
            self.add_error("number", "请输入文书编号，或者选择文件。")
        return cleaned
