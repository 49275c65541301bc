"""Which files faults are planted in, and which tests have to see them: narrow, so that a run ends, and wide enough to be
fair. Tests that find most stand first; all of a row are tried before a fault is said to survive."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FROZEN = "tests/house/test_arrows.py::test_arrows_are_declared_as_the_table_says"
STATES = "tests/house/test_arrows.py::test_states_are_declared_as_the_table_says"
LIMITED = "tests/house/test_arrows.py::test_limits_are_declared_as_the_table_says"
DRAWN = "tests/house/test_arrows.py::test_arrows_are_drawn_by_whom_the_table_names"
ROLES = "tests/house/test_permissions.py::test_roles_are_declared_as_the_table_says"
WALK = "tests/house/test_permissions.py::test_doors_open_as_the_table_says"
DECLARED = "tests/house/test_permissions.py::test_the_table_says_what_the_doors_declare"
METHODS = "tests/house/test_permissions.py::test_no_page_of_ours_answers_another_method"
WRITTEN = "tests/house/test_docs.py::test_generated_blocks_are_what_the_code_says"
SOUND = "tests/house/test_house.py::test_declared_states_and_arrows_are_sound"
ENGINE = (
    "tests/cases/test_turns.py", "tests/cases/limits/test_rulebook.py", "tests/residents/test_request_loop.py",
    "tests/cases/test_passed_over.py", "tests/cases/test_routing.py", "tests/cases/test_own_matter.py",
    "tests/residents/test_concerns.py", "tests/cases/test_access.py", "tests/cases/test_task.py", "tests/cases/test_opening.py",
    "tests/cases/test_referral.py", "tests/cases/test_escalation.py", "tests/cases/limits/test_calendar.py", "tests/cases/test_api.py",
    "tests/disputes/test_own_cause.py", "tests/disputes/mediation/test_late.py", "tests/cases/test_state_machine.py",
)  # fmt: skip
MEDIATION = (
    "tests/disputes/test_guards.py", "tests/disputes/test_turns.py", "tests/disputes/mediation/test_flow.py", "tests/disputes/mediation/test_agreement.py", "tests/disputes/mediation/test_levels.py", "tests/disputes/mediation/test_late.py",
    "tests/disputes/mediation/test_performing.py", "tests/disputes/papers/test_signatures.py", "tests/disputes/mediation/test_confirmation.py",
    "tests/disputes/experts/test_consultation.py", "tests/disputes/test_own_cause.py", "tests/disputes/test_referral.py",
    "tests/disputes/test_any_walk.py",
)  # fmt: skip
SERVICE = (
    "tests/volunteers/test_guards.py", "tests/volunteers/orders/test_dispatch.py", "tests/volunteers/test_pages.py", "tests/volunteers/test_expiry.py",
    "tests/volunteers/orders/test_true_hours.py", "tests/volunteers/test_doors.py",
)  # fmt: skip
TOPIC = (
    "tests/meetings/test_guards.py", "tests/meetings/test_topics.py", "tests/meetings/votes/test_votes.py", "tests/meetings/votes/test_quorum.py", "tests/meetings/votes/test_urn.py",
    "tests/meetings/votes/test_secret_ballots.py", "tests/meetings/votes/test_rules.py", "tests/meetings/votes/test_desk.py",
)  # fmt: skip
FIGURES = (
    "tests/dashboards/test_counting.py", "tests/dashboards/test_every_figure.py", "tests/dashboards/test_board.py",
    "tests/dashboards/test_own.py", "tests/dashboards/test_net.py", "tests/dashboards/test_cockpit.py",
    "tests/dashboards/test_sources.py", "tests/dashboards/test_volunteering.py", "tests/disputes/test_figures.py",
)  # fmt: skip
HELD = (
    "tests/house/test_erasing.py", "tests/house/test_own_data.py", "tests/accounts/test_rights.py", "tests/disputes/test_holdings.py", "tests/volunteers/test_own_data.py",
    "tests/accounts/test_limits.py", "tests/disputes/mediation/test_performing.py", "tests/residents/test_places.py",
    "tests/disputes/experts/test_consultation.py", "tests/meetings/test_pages.py", "tests/meetings/conferences/test_conferences.py",
    "tests/house/test_attacks.py", "tests/meetings/test_tea_talks.py", "tests/dashboards/assessments/test_reviews.py", "tests/house/test_docs.py",
)  # fmt: skip
RIGHTS = re.compile(
    r"\bmay\w*\(|area|access_case|has_verb|standing|person=|owner|PermissionDenied|Http404|404|opens_to|require_|rights?\b"
)


SLOW = ("--ignore-glob=*demo*", "--ignore-glob=*worker*", "--ignore-glob=*at_once*", "--ignore-glob=*published*")
"""Left out where a whole room stands by: they say nothing of who gets in."""


@dataclass(frozen=True)
class Target:
    group: str
    """Groups take turns in a sample, however many lines they have."""
    files: tuple[str, ...]
    """As of pathlib's glob."""
    tests: tuple[str, ...]
    """`{room}` is the file's own."""
    only: re.Pattern[str] = re.compile("")
    """Of the lines, those that have this."""

    def paths(self, tree: Path) -> Iterator[Path]:
        for pattern in self.files:
            yield from sorted(tree.glob(pattern))

    def tests_of(self, file: Path) -> list[str]:
        return [test.format(room=file.parts[0]) for test in self.tests]


TARGETS = (
    Target("arrows", ("cases/workflow.py",), (FROZEN, STATES, LIMITED, SOUND, *ENGINE)),
    Target("arrows", ("residents/workflow.py",), (FROZEN, STATES, LIMITED, SOUND, "tests/residents/test_request_loop.py", "tests/residents/test_sorting.py", "tests/residents/test_concerns.py", "tests/residents/test_imports.py", *ENGINE, f"{DRAWN}[request]")),
    Target("arrows", ("disputes/workflow.py",), (FROZEN, STATES, LIMITED, SOUND, *MEDIATION, f"{DRAWN}[dispute]")),
    Target(
        "arrows",
        ("disputes/experts/workflow.py",),
        (FROZEN, STATES, LIMITED, SOUND, "tests/disputes/experts/test_consultation.py", "tests/disputes/experts/test_booking.py", f"{DRAWN}[consultation]"),
    ),
    Target("arrows", ("volunteers/workflow.py",), (FROZEN, STATES, LIMITED, SOUND, *SERVICE, f"{DRAWN}[service]")),
    Target("arrows", ("meetings/workflow.py",), (FROZEN, STATES, LIMITED, SOUND, *TOPIC, f"{DRAWN}[topic]")),
    Target("arrows", ("cases/task.py",), (FROZEN, STATES, LIMITED, SOUND, "tests/cases/test_task.py", "tests/meetings/conferences/test_conferences.py", f"{DRAWN}[task]")),
    Target("guards", ("disputes/guards/*.py", "disputes/facts.py"), MEDIATION),
    Target("guards", ("volunteers/facts.py",), SERVICE),
    Target("guards", ("meetings/facts.py",), TOPIC),
    Target("routing", ("cases/engine/routing.py", "cases/engine/access.py"), (*ENGINE, f"{DRAWN}[task]")),
    Target("limits", ("cases/limits/clock.py",), ("tests/cases/limits/test_clock.py", "tests/cases/limits/test_calendar.py", "tests/cases/test_escalation.py")),
    Target("limits", ("cases/limits/running.py",), ENGINE),
    Target("engine", ("cases/services.py", "cases/engine/turns.py", "cases/engine/facts.py", "cases/limits/rulebook.py"), (*ENGINE, f"{DRAWN}[request]")),
    Target("tree", ("grids/tree/services.py",), ("tests/grids/test_tree.py", "tests/grids/test_tree_under_fire.py", "tests/grids/test_seed_street.py", "tests/grids/test_staff_tables.py", "tests/grids/test_territory.py", "tests/grids/test_units.py", "tests/volunteers/test_people.py")),
    Target("tree", ("grids/rights/jurisdiction.py", "grids/roles.py"), (ROLES, WRITTEN, "tests/grids/test_my_grid.py", "tests/grids/test_jurisdiction.py", "tests/grids/test_territory.py", "tests/grids/test_staffing.py", "tests/cases/test_routing.py", "tests/cases/test_access.py", "tests/cases/test_passed_over.py")),
    Target("people", ("accounts/limiter.py",), ("tests/accounts/test_limits.py", "tests/house/test_limited_doors.py", "tests/accounts/test_sign_in.py", "tests/accounts/test_login_codes.py", WRITTEN)),
    Target("people", ("accounts/personal_data.py",), ("tests/accounts/test_personal_data.py", "tests/accounts/test_rights.py", "tests/house/test_house.py::test_every_field_is_declared_personal_or_plain", "tests/house/test_erasing.py")),
    Target("people", ("*/privacy.py", "*/*/privacy.py", "accounts/privacy/own.py", "accounts/privacy/rows.py"), HELD),
    Target("figures", ("dashboards/figures/counting.py", "dashboards/figures/sums.py", "dashboards/figures/splits.py", "dashboards/figures/sources/*.py"), FIGURES),
    Target(
        "rights",
        ("[!mp]*/views.py", "*/*/views.py", "*/views/*.py", "*/*/desk.py", "[!t]*/desk/*.py", "*/*/*_views.py"),
        (DECLARED, METHODS, WALK, "tests/{room}", *SLOW),
        RIGHTS,
    ),
)  # fmt: skip
