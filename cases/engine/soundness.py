"""What is wrong with a declared workflow, and its diagram. Pure."""

from itertools import product

from cases.workflow import STANDINGS, SYSTEM, VOTERS, Workflow


def problems(workflow: Workflow) -> list[str]:
    """What is wrong with a declaration: run as a system check at every start."""
    faults = []
    states = workflow.states
    faults += [f"first state {code!r} is not declared" for code in _first_states(workflow) if code not in states]
    for arrow in workflow.arrows:
        for code in (*arrow.sources, *filter(None, arrow.targets)):
            if code not in states:
                faults.append(f"arrow {arrow.verb!r} names unknown state {code!r}")
            elif states[code].final and code in arrow.sources:
                faults.append(f"final state {code!r} has arrow {arrow.verb!r}")
        if unknown := arrow.who - STANDINGS.keys():
            faults.append(f"arrow {arrow.verb!r} is for unknown standings {sorted(unknown)}")
    verbs = [arrow.verb for arrow in workflow.all_arrows]
    faults += [f"arrow {verb!r} is declared twice" for verb in sorted(set(verbs)) if verbs.count(verb) > 1]
    reached = _reached(workflow)
    for code, state in states.items():
        if code not in reached:
            faults.append(f"state {code!r} cannot be reached")
        if unknown := state.waits_for - STANDINGS.keys() - {VOTERS}:
            faults.append(f"state {code!r} waits for unknown standings {sorted(unknown)}")
        if state.final:
            continue
        if not state.clock:
            faults.append(f"open state {code!r} has no time limit")
        if not any(set(arrow.targets) - {"", code} for arrow in workflow.arrows_from(code)):
            faults.append(f"open state {code!r} is a dead end")
        if state.lapses_by and not _system_may(workflow, state.lapses_by, code):
            faults.append(f"state {code!r} lapses by {state.lapses_by!r}, which the system may not draw from it")
        if len(state.label) > 5:
            faults.append(f"label of state {code!r} is longer than five characters")
    return faults


def _first_states(workflow: Workflow) -> list[str]:
    return [code for code in (workflow.initial, workflow.unsorted) if code]


def _reached(workflow: Workflow) -> set[str]:
    reached: set[str] = set()
    frontier = _first_states(workflow)
    while frontier:
        code = frontier.pop()
        if code not in reached:
            reached.add(code)
            frontier += [to for arrow in workflow.arrows if code in arrow.sources for to in arrow.targets if to]
    return reached


def _system_may(workflow: Workflow, verb: str, state: str) -> bool:
    arrow = workflow.arrow(verb)
    return arrow is not None and SYSTEM in arrow.who and state in arrow.sources and not arrow.needs


def mermaid(workflow: Workflow) -> str:
    """The diagram in the docs."""
    lines = ["stateDiagram-v2", f"    [*] --> {workflow.states[workflow.initial].label}"]
    for arrow in workflow.arrows:
        # An arrow that may stay in a state or lead to it is one line there.
        led = dict.fromkeys((source, target or source) for source, target in product(arrow.sources, arrow.targets))
        for source, target in led:
            lines.append(f"    {workflow.states[source].label} --> {workflow.states[target].label}: {arrow.label}")
    lines += [f"    {state.label} --> [*]" for state in workflow.states.values() if state.final]
    return "\n".join(lines)
