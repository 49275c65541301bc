"""To whom the pages of one table of the admin open, declared once for all of them. Django's own questions, has_…_permission,
are answered from it and from nothing else."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest

from accounts.entry import CLOSED, DESK, Rights, Rule


@dataclass(frozen=True)
class DeskRights:
    """What is not named is closed."""

    list: Rule
    view: Rule = CLOSED
    """One row, to read; its history. A rule of an area: of the rows that get_queryset() gives this person."""
    add: Rule = CLOSED
    change: Rule = CLOSED
    delete: Rule = CLOSED
    table: Rule = CLOSED
    """Rows in from a table, and out."""

    def of_page(self, view: str) -> Rights | None:
        """Of Django's page of this name: what a GET needs, and what a POST does."""
        return {
            "changelist_view": Rights(self.list, self.list),
            "add_view": Rights(self.add, self.add),
            "change_view": Rights(self.view, self.change),
            "delete_view": Rights(self.delete, self.delete),
            "history_view": Rights(self.view, self.view),
            "import_action": Rights(self.table, self.table),
            "process_import": Rights(None, self.table),
            "export_action": Rights(self.table, self.table),
            "view": Rights(DESK, DESK),  # leads an old address on to the page of the row
        }.get(view)

    def rules(self) -> tuple[Rule, ...]:
        return (self.list, self.view, self.add, self.change, self.delete, self.table)


class Declared:
    """Of a ModelAdmin, or of rows inside one: `rights` says who may."""

    rights: ClassVar[DeskRights]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.rights.list.admits(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.rights.list.admits(request) if obj is None else self.rights.view.admits_to(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.rights.add.admits(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.rights.change.admits_to(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.rights.delete.admits_to(request, obj)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.rights.table.admits(request)

    has_export_permission = has_import_permission
