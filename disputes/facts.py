"""What a turn, a page or a guard knows of a dispute, each fact read once."""

from functools import cached_property

from cases.facts import Facts
from disputes.models import Party


class DisputeFacts(Facts):
    @cached_property
    def parties(self) -> list[Party]:
        return list(Party.objects.filter(dispute=self.case.pk).select_related("person").order_by("pk"))

    @cached_property
    def barred(self) -> frozenset[int]:
        """The parties themselves, and whoever was declared related to one."""
        related = self.case.dispute.recusals.values_list("person", flat=True)
        return frozenset({party.person_id for party in self.parties if party.person_id is not None} | set(related))
