from django.utils import timezone

from cases.engine.turns import Given
from cases.models import Case
from cases.task import hand_out
from cases.workflow import ASKER
from tests.support.kinds import Scene, Walked


def a_task(scene: Scene) -> Case:
    grid, holder = scene.request.grid, scene.request.holder
    return hand_out(title="修坡道", grid=grid, post=holder, given=Given("太陡"), by=scene.resident, at=timezone.now())


WALKED = {"task": Walked(a_task, {"asker": ASKER}, led_by="grid_leader")}
