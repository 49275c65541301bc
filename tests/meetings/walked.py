from cases.models import Case
from cases.workflow import ASKER
from tests.meetings.topic_doors import topic_doors
from tests.support.kinds import Scene, Walked


def a_topic(scene: Scene) -> Case:
    case: Case = topic_doors(scene.town, scene.resident, scene.staff["community_worker"])["topic"].case
    return case


WALKED = {"topic": Walked(a_topic, {"asker": ASKER}, led_by="community_worker")}
