"""Tables in and out on admin pages: django-import-export shows and writes the rows, tables/ reads them."""

import logging
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from import_export import resources, results, widgets
from import_export.admin import ImportExportModelAdmin
from import_export.formats import base_formats
from import_export.forms import ConfirmImportForm
from tablib import Dataset
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from tables.cells import Cell, guarded
from tables.heads import Layout
from tables.limits import MAX_UPLOAD
from tables.reading import read_table

logger = logging.getLogger(__name__)
MAX_ROWS = 2000
"""Each row is shown, and then written through its service, while somebody waits."""
MAX_SHOWN = 20
FAULT = "系统没能读入，已记录。请联系系统管理员。"
SALT = "table on its way in"
SECONDS_TO_CONFIRM = 3600


class _Guarded:
    """Words that begin as a formula keep all their signs, with one before them (tables/cells.py)."""

    def _escape_formulae(self, dataset: Dataset) -> None:
        for _ in range(len(dataset)):
            dataset.append([guarded(cell) if isinstance(cell, str) else cell for cell in dataset.lpop()])


class CSV(_Guarded, base_formats.CSV):
    pass


class XLSX(_Guarded, base_formats.XLSX):
    pass


class TableFile(base_formats.Format):
    """Whatever the one reader reads."""

    def __init__(self, layout: Layout, encoding: str | None = None) -> None:
        self.layout = layout

    def get_title(self) -> str:
        return "CSV、Excel"

    def can_import(self) -> bool:
        return True

    def create_dataset(self, in_stream: bytes) -> Dataset:
        """The columns that the table has, and `lines`, on which each row stands. Raises ValidationError."""
        table = read_table(in_stream, self.layout)
        if len(table.rows) > MAX_ROWS:
            raise ValidationError(f"有 {len(table.rows)} 行，一次最多 {MAX_ROWS} 行，请分成几个文件。")
        faults = []
        columns = [column.name for column in self.layout.columns if table.has(column.name)]
        dataset = Dataset(headers=columns)
        for row in table.rows:
            try:
                row.check()
            except ValidationError as refusal:
                faults.append(f"第 {row.line} 行：{refusal.messages[0]}。")
            dataset.append([row[column] for column in columns])
        if faults:
            raise ValidationError(faults[:MAX_SHOWN])
        dataset.lines = [row.line for row in table.rows]
        return dataset


class TableImportForm(ImportForm):
    """Only the file is asked for: its kind is read from what is in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"] = forms.CharField(required=False, widget=forms.HiddenInput)
        file = self.fields["import_file"]
        file.label, file.help_text = "表格文件", "CSV、XLSX、XLS 或 ODS"
        file.error_messages |= {"required": "请选择文件。", "empty": "这个文件是空的。"}

    def clean_format(self) -> str:
        return "0"

    def clean_import_file(self) -> Any:
        upload = self.cleaned_data["import_file"]
        if upload.size > MAX_UPLOAD:
            raise forms.ValidationError(f"文件超过 {MAX_UPLOAD // 1_000_000} MB，请分成几个文件。")
        return upload


class TableConfirmForm(ConfirmImportForm):
    """Names the file that was shown; signed, for by another name another file of the server would be read and removed."""

    def clean_format(self) -> str:
        return "0"

    def clean_import_file_name(self) -> str:
        try:
            self.cleaned_data["import_file_name"] = signing.loads(
                self.cleaned_data["import_file_name"], salt=SALT, max_age=SECONDS_TO_CONFIRM
            )
        except signing.BadSignature:
            raise forms.ValidationError("请重新选择文件。") from None
        name: str = super().clean_import_file_name()
        return name


class Reading(widgets.Widget):
    """A cell by one of the readers of tables/, its refusal at the column."""

    def __init__(self, label: str, reader: Any) -> None:
        super().__init__()
        self.label, self.reader = label, reader

    def clean(self, value: Cell | None, row: Any = None, **kwargs: Any) -> Any:
        try:
            return self.reader("" if value is None else value)
        except ValidationError as refusal:
            raise ValidationError({self.label: refusal.messages}) from refusal


class TableResource(resources.ModelResource):
    """Says refusals by the line of the table; a fault of ours is logged and shown without its inside."""

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """By what a row is known may be a column that the table leaves out: 单元."""
        for name in self.get_import_id_fields():
            if (head := self.fields[name].column_name) not in dataset.headers:
                dataset.append_col([""] * len(dataset), header=head)

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> results.RowResult:
        result = super().import_row(row, instance_loader, **kwargs)
        for error in result.errors:
            logger.error("a row of a table could not be taken in", exc_info=error.error)
        if result.errors:
            result.errors, result.import_type = [], results.RowResult.IMPORT_TYPE_INVALID
            result.validation_error = ValidationError(FAULT)
        return result

    def after_import(self, dataset: Dataset, result: results.Result, **kwargs: Any) -> None:
        lines = getattr(dataset, "lines", range(1, len(dataset) + 1))
        for invalid in result.invalid_rows:
            invalid.number = lines[invalid.number - 1]

    def handle_import_error(self, result: results.Result, error: Exception, raise_errors: bool = False) -> None:
        logger.error("a table could not be taken in", exc_info=error)
        result.append_base_error(results.Error(ValidationError(FAULT)))


class TableAdmin(ImportExportModelAdmin):
    """An admin page that takes in tables of one layout."""

    layout: Layout
    import_form_class = TableImportForm
    confirm_form_class = TableConfirmForm
    export_form_class = ExportForm
    export_formats = (XLSX, CSV)

    @property
    def import_formats(self) -> list[Any]:
        return [partial(TableFile, self.layout)]

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        if initial:
            initial["import_file_name"] = signing.dumps(initial["import_file_name"], salt=SALT)
        return initial

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """All rows or none: what was shown as sound may have ceased to be so before it was confirmed."""
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

    def add_data_read_fail_error_to_form(self, form: forms.Form, error: Exception) -> None:
        if isinstance(error, ValidationError):
            form.add_error("import_file", ValidationError(error.messages))
        else:
            logger.error("a table could not be read", exc_info=error)
            form.add_error("import_file", FAULT)

    @method_decorator(require_POST)
    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        try:
            if self.create_confirm_form(request).is_valid():
                answer: HttpResponse = super().process_import(request, **kwargs)
                return answer
            messages.error(request, "请重新选择文件。")
        except FileNotFoundError:  # taken in already, or too long ago
            messages.error(request, "请重新选择文件。")
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return self._again()

    def process_result(self, result: results.Result, request: HttpRequest) -> HttpResponse:
        if not (result.has_errors() or result.has_validation_errors()):
            answer: HttpResponse = super().process_result(result, request)
            return answer
        for invalid in result.invalid_rows[:MAX_SHOWN]:
            messages.error(request, f"第 {invalid.number} 行：{' '.join(invalid.error.messages)}")
        messages.error(request, "整个表没有导入，请改好后重新选择文件。")
        return self._again()

    def _again(self) -> HttpResponse:
        return redirect(reverse("admin:{}_{}_import".format(*self.get_model_info())))
