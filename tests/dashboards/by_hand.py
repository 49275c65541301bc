"""Every figure once more, in SQL written by hand over the tables: nothing of the house counts here."""

from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

FIRST = "(SELECT min(e.number) FROM cases_caseevent e WHERE e.case_id = c.id AND {})"
TO = "e.to_state = CASE c.kind {} END"


def _enters(**states: str) -> str:
    return FIRST.format(TO.format(" ".join(f"WHEN '{kind}' THEN '{state}'" for kind, state in states.items())))


STORY = f"""
    WITH RECURSIVE below AS (
        SELECT id FROM grids_grid WHERE id = %(node)s OR %(node)s::bigint IS NULL AND parent_id IS NULL
        UNION ALL SELECT g.id FROM grids_grid g JOIN below ON g.parent_id = below.id
    ), numbered AS (
        SELECT c.*,
            {_enters(request="dispatched", task="assigned", service="offered")} AS sent,
            {
    _enters(request="accepted", dispute="accepted", task="handling", service="staffed", topic="discussing")
} AS taken,
            {
    _enters(
        request="awaiting_rating", dispute="performing", task="checking", service="awaiting_rating", topic="decided"
    )
} AS ready,
            {FIRST.format("e.verb IN ('overdue', 'climb')")} AS slow,
            {FIRST.format("e.verb = 'send_back'")} AS bounced,
            {FIRST.format("e.verb = 'redo'")} AS redone
        FROM cases_case c WHERE c.outcome <> 'taken_back' AND c.grid_id IN (SELECT id FROM below)
    ), story AS (
        SELECT n.*, sent_event.at AS sent_at, taken_event.at AS taken_at, slow_event.at AS slow_at,
            coalesce(ready_event.at, n.finished_at) AS ready_at,
            n.slow IS NOT NULL AND (n.taken IS NULL OR n.slow < n.taken) AS was_slow,
            n.closed_at IS NULL AND NOT (n.kind || ' ' || n.state = ANY (ARRAY['request awaiting_rating',
                'request declined', 'dispute visited', 'consultation rating', 'task checking',
                'service awaiting_rating', 'topic seconding', 'topic voting'])) AS is_owed,
            r.case_id IS NOT NULL AS is_rated, r.is_solved, r.score, d.settled_level, s.begins_at
        FROM numbered n
        LEFT JOIN cases_caseevent sent_event ON sent_event.case_id = n.id AND sent_event.number = n.sent
        LEFT JOIN cases_caseevent taken_event ON taken_event.case_id = n.id AND taken_event.number = n.taken
        LEFT JOIN cases_caseevent ready_event ON ready_event.case_id = n.id AND ready_event.number = n.ready
        LEFT JOIN cases_caseevent slow_event ON slow_event.case_id = n.id AND slow_event.number = n.slow
        LEFT JOIN cases_rating r ON r.case_id = n.id
        LEFT JOIN disputes_dispute d ON d.case_id = n.id
        LEFT JOIN volunteers_serviceorder s ON s.case_id = n.id
    )
"""


def _on(moment: str) -> str:
    return f"({moment} AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %(first)s AND %(last)s"


MEDIATED = f"kind = 'dispute' AND signed_at IS NOT NULL AND outcome <> '' AND {_on('coalesce(finished_at, closed_at)')}"
SETTLED = f"{MEDIATED} AND outcome LIKE 'settled%%'"
DUE = "coalesce(ready_at <= finish_by_at, false)"
CASES = {
    "登记": _on("opened_at"),
    "办结": _on("finished_at"),
    "归档": _on("closed_at"),
    "在办": "closed_at IS NULL",
    "超时未办": "is_owed AND due_at < %(at)s",
    "派单": _on("sent_at"),
    "退单": f"bounced IS NOT NULL AND {_on('sent_at')}",
    "应响应": _on("CASE WHEN was_slow THEN slow_at ELSE taken_at END"),
    "按时响应": f"NOT was_slow AND {_on('taken_at')}",
    "应办结": f"{DUE} AND {_on('ready_at')} OR NOT {DUE} AND {_on('finish_by_at')}"
    " AND (ready_at IS NOT NULL OR is_owed AND finish_by_at <= %(at)s)",
    "按时办结": f"{DUE} AND {_on('ready_at')}",
    "重办": f"redone IS NOT NULL AND {_on('finished_at')}",
    "请评价": f"(is_rated OR outcome = 'unrated') AND {_on('closed_at')}",
    "有评价": f"is_rated AND {_on('closed_at')}",
    "未评价": f"outcome = 'unrated' AND NOT is_rated AND {_on('closed_at')}",
    "已解决": f"is_rated AND is_solved AND {_on('closed_at')}",
    "满意": f"is_rated AND score >= 3 AND {_on('closed_at')}",
    "调解办结": MEDIATED,
    "调解成功": SETTLED,
    "党小组化解": f"{SETTLED} AND settled_level = 3",
    "志愿服务": f"kind = 'service' AND state = 'done' AND {_on('begins_at')}",
}
"""Label of a page -> which cases. The days, and the moment at which it is read, are parameters."""
PLACE = "grid_id IN (SELECT id FROM below)"
TEAMS = "volunteers_team t WHERE t.ended_at IS NULL"
MEMBERS = (
    "(SELECT DISTINCT ON (m.person_id) m.person_id, t.grid_id FROM volunteers_teammember m JOIN volunteers_team t"
    " ON t.id = m.team_id WHERE m.until_at IS NULL AND t.ended_at IS NULL AND t.kind = '{}'"
    " ORDER BY m.person_id, m.from_at, m.id) AS once"
)
IN_POST = (
    f"grids_post WHERE role = '{{}}' AND from_at <= %(at)s AND (until_at IS NULL OR until_at > %(at)s) AND {PLACE}"
)
NODES = "grids_grid WHERE retired_at IS NULL AND level = {} AND id IN (SELECT id FROM below)"
NEEDS = f"volunteers_need WHERE state = 'solved' AND urgency {{}} 'normal' AND {_on('ended_at')} AND {PLACE}"
DOCTORS = (
    "volunteers_doctorsigning d JOIN volunteers_need n ON n.id = d.need_id WHERE d.ended_at IS NULL"
    " AND n.grid_id IN (SELECT id FROM below)"
)
TERM = (
    "EXISTS (SELECT FROM volunteers_doctorterm t WHERE t.signing_id = d.need_id"
    " AND (%(at)s AT TIME ZONE 'Asia/Shanghai')::date BETWEEN t.from_date AND t.until_date)"
)
CALLED = (
    "volunteers_callout o JOIN volunteers_plan p ON p.id = o.plan_id WHERE {} AND p.grid_id IN (SELECT id FROM below)"
)
AT_CENTRES = f"JOIN grids_place p ON p.id = place_id WHERE p.kind = 'centre' AND p.{PLACE}"
OTHERS = {
    "申请家庭医生": DOCTORS, "家庭医生已签": f"{DOCTORS} AND {TERM}",
    "应急动员": CALLED.format("NOT o.is_drill"), "动员演练": CALLED.format("o.is_drill"),
    "社区": NODES.format(1), "小区": NODES.format(2), "党小组": NODES.format(3), "网格": NODES.format(4),
    "有网格长的网格": NODES.format(4) + " AND id IN (SELECT grid_id FROM " + IN_POST.format("grid_leader") + ")",
    "网格长": IN_POST.format("grid_leader"), "社区民警": IN_POST.format("police_officer"),
    "专职辅警": IN_POST.format("police_auxiliary"), "巡防队员": IN_POST.format("patrol"),
    "片区": f"grids_territory WHERE retired_at IS NULL AND level = 0 AND {PLACE}",
    "邻里中心": f"grids_place WHERE kind = 'centre' AND closed_date IS NULL AND {PLACE}",
    "议事点": f"grids_place WHERE kind = 'tea_table' AND closed_date IS NULL AND {PLACE}",
    "小区管家": f"{MEMBERS.format('steward')} WHERE {PLACE}",
    "支援队": f"{TEAMS} AND t.kind = 'support' AND {PLACE}",
    "支援队员": f"{MEMBERS.format('support')} WHERE {PLACE}",
    "社会组织": "(SELECT DISTINCT ON (t.unit_id) t.grid_id FROM volunteers_team t JOIN grids_unit u ON u.id = t.unit_id"
    f" WHERE u.kind = 'society' AND u.is_active AND t.ended_at IS NULL ORDER BY t.unit_id, t.id) AS once WHERE {PLACE}",
    "双报到党员": f"volunteers_dutyreport WHERE state = 'approved' AND {PLACE}",
    "活动常态": f"meetings_activity a {AT_CENTRES} AND cancelled_at IS NULL AND until_at <= %(at)s AND {_on('from_at')}",
    "解决问题": NEEDS.format("="), "急难愁盼": NEEDS.format("<>"),
}  # fmt: skip
HOURS = f"""
    SELECT coalesce(sum(h.hours), 0) FROM volunteers_hoursentry h JOIN cases_case c ON c.id = h.case_id
    JOIN volunteers_serviceorder s ON s.case_id = c.id
    WHERE h.counts_at <= %(at)s AND {_on("s.begins_at")} AND c.{PLACE}
"""
VISITS = f"SELECT coalesce(sum(count), 0) FROM grids_visitcount {AT_CENTRES} AND date BETWEEN %(first)s AND %(last)s"
ALWAYS = (date(2000, 1, 1), date(2100, 1, 1))


def counted(node: Any | None, days: tuple[date, date], *, kind: str = "") -> dict[str, int]:
    """Label -> number, of a node and all below it, in these days; of cases, those of one kind or all."""
    parameters = {
        "node": node.pk if node else None,
        "first": days[0],
        "last": days[1],
        "kind": kind,
        "at": timezone.now(),
    }
    with connection.cursor() as cursor:
        filters = ", ".join(f"count(*) FILTER (WHERE {which})" for which in CASES.values())
        cursor.execute(f"{STORY} SELECT {filters} FROM story WHERE %(kind)s IN ('', kind)", parameters)
        numbers = dict(zip(CASES, cursor.fetchone(), strict=True))
        if not kind:
            counts = ", ".join(f"(SELECT count(*) FROM {rows})" for rows in OTHERS.values())
            cursor.execute(f"{STORY} SELECT {counts}, ({HOURS}), ({VISITS})", parameters)
            numbers |= dict(zip((*OTHERS, "服务时数", "居民常来"), cursor.fetchone(), strict=True))
    return numbers


def mediation(node: Any, year: int) -> dict[str, int]:
    """Column -> number, of the desk's table of mediation."""
    parameters = {"node": node.pk, "first": date(year, 1, 1), "last": date(year, 12, 31), "at": timezone.now()}
    opened = f"kind = 'dispute' AND {_on('opened_at')}"
    wanted = {
        "矛盾纠纷登记": opened,
        "调解受理": f"{opened} AND signed_at IS NOT NULL",
        "调解办结": MEDIATED,
        "调解成功": SETTLED,
        "在调": "kind = 'dispute' AND signed_at IS NOT NULL AND outcome = ''",
        "党小组化解": f"{SETTLED} AND settled_level = 3",
        "支部化解": f"{SETTLED} AND settled_level = 2",
        "社区化解": f"{SETTLED} AND settled_level = 1",
        "街道化解": f"{SETTLED} AND settled_level = 0",
    }
    with connection.cursor() as cursor:
        filters = ", ".join(f"count(*) FILTER (WHERE {which})" for which in wanted.values())
        cursor.execute(f"{STORY} SELECT {filters} FROM story", parameters)
        return dict(zip(wanted, cursor.fetchone(), strict=True))
