from cases.workflow import ASKER
from tests.support.kinds import Walked

WALKED = {"request": Walked(lambda scene: scene.request, {"asker": ASKER}, led_by="grid_leader")}
