"""What the pages of figures are asked for, for the walk over every door (tests/house/test_permissions.py)."""

from typing import Any

from cases.models import Case


def figure_doors(case: Case) -> dict[str, Any]:
    """Door -> its arguments: figures of the case's own grid."""
    own = {"node_id": case.grid_id}
    return {
        "dashboards:board": own,
        "dashboards:cockpit": own,
        "dashboards:behind": {**own, "measure": "opened"},
        "dashboards:behind-county": {"measure": "opened"},
        "dashboards:net-behind": {"code": "communities"},
    }
