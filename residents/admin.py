"""What those with the verb `rules` tune in this room."""

from django.contrib import admin

from accounts.entry import CLOSED
from grids.rights.admin import RulesAdmin
from grids.rights.entry import kept_by
from residents.models import Channel


@admin.register(Channel)
class ChannelAdmin(RulesAdmin):
    list_display = ["order", "name", "phone", "is_emergency", "is_active"]
    list_display_links = ["name"]
    ordering = ["order", "pk"]
    rights = kept_by("rules", delete=CLOSED)  # switched off: declined cases name it
