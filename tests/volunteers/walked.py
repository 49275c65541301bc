from django.utils import timezone

from cases.models import Case
from cases.workflow import HELPER
from tests.support.kinds import Scene, Walked
from tests.volunteers.doors import service_doors
from volunteers.services import orders


def a_service(scene: Scene) -> Case:
    """The resident has said that they come."""
    doors = service_doors(scene.request, scene.town, scene.resident, scene.staff)
    case = Case.objects.get(**doors["volunteers:order"])
    orders.accept(case=case, by=scene.resident, at=timezone.now())
    return case


WALKED = {"service": Walked(a_service, {"asker": HELPER}, led_by="community_worker")}
