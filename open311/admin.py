"""What systems are asked for beside words, tuned by those with the verb `rules`."""

from django.contrib import admin

from grids.rights.admin import RulesAdmin
from grids.rights.entry import kept_by
from open311.models import Attribute


@admin.register(Attribute)
class AttributeAdmin(RulesAdmin):
    list_display = ["category", "order", "description", "datatype", "is_required"]
    list_display_links = ["description"]
    list_select_related = ["category"]
    ordering = ["category__path", "order", "pk"]
    rights = kept_by("rules")
