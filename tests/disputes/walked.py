from datetime import timedelta

from django.utils import timezone

from cases.models import Case
from cases.workflow import ASKER, PARTY
from disputes.defaults.loading import load_defaults
from disputes.models import Expert
from tests.disputes.doors import dispute_doors
from tests.disputes.experts.panel import expert_doors, slot_of
from tests.support.kinds import Scene, Walked


def a_dispute(scene: Scene) -> Case:
    load_defaults()
    doors = dispute_doors(scene.town, scene.staff, scene.resident, scene.neighbour)
    return Case.objects.get(**doors["disputes:papers"])


def a_consultation(scene: Scene) -> Case:
    """With another time of the expert's to choose."""
    doors = expert_doors(scene.town, scene.resident)
    slot_of(Expert.objects.get(), timezone.now() + timedelta(days=5), at=timezone.now())
    return Case.objects.get(**doors["disputes:consultation-thread"])


WALKED = {
    "dispute": Walked(a_dispute, {"asker": PARTY, "neighbour": PARTY}, led_by="group_leader"),
    "consultation": Walked(a_consultation, {"asker": ASKER}),
}
