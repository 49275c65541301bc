"""What those with the verb `rules` tune in this room."""

from django.contrib import admin

from accounts.entry import CLOSED
from grids.entry import kept_by
from grids.rules_admin import RulesAdmin
from residents.models import Channel


@admin.register(Channel)
class ChannelAdmin(RulesAdmin):
    list_display = ["order", "name", "phone", "is_emergency", "is_active"]
    list_display_links = ["name"]
    ordering = ["order", "pk"]
    rights = kept_by("rules", delete=CLOSED)  # switched off: declined cases name it
