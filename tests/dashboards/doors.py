"""What the pages of figures are asked for, for the walk over every door (tests/house/test_permissions.py)."""

from typing import Any

from cases.models import Case
from grids.models import Unit
from volunteers.models import Team


def figure_doors(case: Case) -> dict[str, Any]:
    """Door -> its arguments: figures of the case's own grid, of a unit and of the team there."""
    own = {"node_id": case.grid_id}
    unit = {"unit_id": Unit.objects.order_by("pk").first().pk}
    team = {"team_id": Team.objects.get(grid=case.grid).pk}
    return {
        "api:figures": own,
        "api:open-data-set": {"dataset": "monthly"},
        "dashboards:board": own,
        "dashboards:cockpit": own,
        "dashboards:behind": {**own, "measure": "opened"},
        "dashboards:behind-county": {"measure": "opened"},
        "dashboards:net-behind": {"code": "communities"},
        "dashboards:mediation-behind": {"measure": "settled"},
        "dashboards:volunteering-behind": {"measure": "served"},
        **dict.fromkeys(("dashboards:volunteering-unit", "dashboards:volunteering-unit-people"), unit),
        **dict.fromkeys(("dashboards:volunteering-team", "dashboards:volunteering-team-people"), team),
    }
