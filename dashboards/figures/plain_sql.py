"""The measures a second time, as plain SQL over the rows themselves: whoever doubts a figure can run these by hand. Nothing
here calls what counts (dashboards/figures/sources/), so that an error there is not proved by itself.

Each query gives (measure, thing, grid, kind, day, amount) of one source; `at` is its only parameter. Lengths in working
time are left out: they need the calendar."""

from datetime import datetime

from django.db import connection

from dashboards.figures.measures import EDGES


def _day(moment: str) -> str:
    return f"({moment} AT TIME ZONE 'Asia/Shanghai')::date"


def _first(name: str, which: str) -> str:
    """The first event of the case `c` of which `which` holds."""
    return f"""
    LEFT JOIN LATERAL (
        SELECT e.number, e.at FROM cases_caseevent e WHERE e.case_id = c.id AND {which} ORDER BY e.number LIMIT 1
    ) {name} ON true"""


DISPATCHED = "(('request', 'dispatched'), ('task', 'assigned'), ('service', 'offered'))"
ANSWERED = """(('request', 'accepted'), ('dispute', 'accepted'), ('task', 'handling'), ('service', 'staffed'),
    ('topic', 'discussing'))"""
FINISHED = """(('request', 'awaiting_rating'), ('dispute', 'performing'), ('task', 'checking'),
    ('service', 'awaiting_rating'), ('topic', 'decided'))"""
WAITS_FOR_ASKER = """(('request', 'awaiting_rating'), ('request', 'declined'), ('dispute', 'visited'),
    ('consultation', 'rating'), ('task', 'checking'), ('service', 'awaiting_rating'), ('topic', 'seconding'),
    ('topic', 'voting'))"""
DUE = "coalesce(c.missed_at, c.finish_by_at)"
IN_TIME = f"coalesce(first_finish.at, c.finished_at) <= {DUE}"
IS_REAL = "NOT EXISTS (SELECT FROM volunteers_callout o WHERE o.id = s.call_out_id AND o.is_drill)"
IS_RATED = "c.closed_at IS NOT NULL AND r.case_id IS NOT NULL"
TAKEN_ON = "c.kind = 'dispute' AND c.signed_at IS NOT NULL"
CONCLUDED = f"{TAKEN_ON} AND c.outcome <> ''"
SETTLED = f"{CONCLUDED} AND c.outcome IN ('settled_oral', 'settled_written', 'settled_confirmed')"
CLOSED_DAY, FINISHED_DAY = _day("c.closed_at"), _day("c.finished_at")
CONCLUDED_DAY = _day("coalesce(c.finished_at, c.closed_at)")


def _length(until: str) -> str:
    hours = f"extract(epoch FROM {until} - c.opened_at)::float / 3600"
    return f"width_bucket({hours}, ARRAY{list(map(float, EDGES))})"


CASES = f"""
    SELECT said.measure, c.id AS thing, c.grid_id, c.kind, said.day, 1 AS amount
    FROM cases_case c
    LEFT JOIN cases_rating r ON r.case_id = c.id
    LEFT JOIN disputes_dispute d ON d.case_id = c.id
    LEFT JOIN volunteers_serviceorder s ON s.case_id = c.id
    {_first("dispatched", f"(c.kind, e.to_state) IN {DISPATCHED}")}
    {_first("answered", f"(c.kind, e.to_state) IN {ANSWERED}")}
    {_first("first_finish", f"(c.kind, e.to_state) IN {FINISHED}")}
    {_first("late", "e.verb IN ('overdue', 'climb') AND (answered.number IS NULL OR e.number < answered.number)")}
    {_first("sent_back", "e.verb = 'send_back'")}
    {_first("redone", "e.verb = 'redo'")},
    LATERAL (SELECT c.closed_at IS NULL AND (c.kind, c.state) NOT IN {WAITS_FOR_ASKER} AS owed) now,
    LATERAL (VALUES
        ('opened', {_day("c.opened_at")}, true),
        ('category:' || c.category_id, {_day("c.opened_at")}, c.category_id IS NOT NULL),
        ('closed', {CLOSED_DAY}, c.closed_at IS NOT NULL),
        ('open', NULL, c.closed_at IS NULL),
        ('late', NULL, now.owed AND c.due_at < %(at)s),
        ('dispatched', {_day("dispatched.at")}, dispatched.at IS NOT NULL),
        ('sent_back', {_day("dispatched.at")}, dispatched.at IS NOT NULL AND sent_back.at IS NOT NULL),
        ('due_response', {_day("coalesce(late.at, answered.at)")}, coalesce(late.at, answered.at) IS NOT NULL),
        ('responded', {_day("answered.at")}, answered.at IS NOT NULL AND late.at IS NULL),
        ('answer:' || {_length("answered.at")}, {_day("answered.at")}, answered.at IS NOT NULL),
        ('finished', {FINISHED_DAY}, c.finished_at IS NOT NULL),
        ('redone', {FINISHED_DAY}, c.finished_at IS NOT NULL AND redone.at IS NOT NULL),
        ('finish:' || {_length("c.finished_at")}, {FINISHED_DAY}, c.finished_at IS NOT NULL),
        ('in_time', {_day("coalesce(first_finish.at, c.finished_at)")}, {IN_TIME}),
        ('due_finish', {_day("coalesce(first_finish.at, c.finished_at)")}, {IN_TIME}),
        ('due_finish', {_day(DUE)}, NOT coalesce({IN_TIME}, false) AND {DUE} IS NOT NULL
            AND (coalesce(first_finish.at, c.finished_at) IS NOT NULL OR now.owed AND {DUE} <= %(at)s)),
        ('asked', {CLOSED_DAY}, {IS_RATED} OR c.closed_at IS NOT NULL AND c.outcome = 'unrated'),
        ('rated', {CLOSED_DAY}, {IS_RATED}),
        ('unrated', {CLOSED_DAY}, c.closed_at IS NOT NULL AND c.outcome = 'unrated' AND r.case_id IS NULL),
        ('solved', {CLOSED_DAY}, {IS_RATED} AND r.is_solved),
        ('satisfied', {CLOSED_DAY}, {IS_RATED} AND r.score >= 3),
        ('taken_on', {_day("c.opened_at")}, {TAKEN_ON}),
        ('mediating', NULL, {TAKEN_ON} AND c.outcome = ''),
        ('concluded', {CONCLUDED_DAY}, {CONCLUDED}),
        ('settled', {CONCLUDED_DAY}, {SETTLED}),
        ('in_building', {CONCLUDED_DAY}, {SETTLED} AND d.settled_level = 3),
        ('in_estate', {CONCLUDED_DAY}, {SETTLED} AND d.settled_level = 2),
        ('in_community', {CONCLUDED_DAY}, {SETTLED} AND d.settled_level = 1),
        ('in_street', {CONCLUDED_DAY}, {SETTLED} AND d.settled_level = 0),
        ('served', {_day("s.begins_at")}, c.kind = 'service' AND c.state = 'done' AND {IS_REAL})
    ) AS said (measure, day, holds)
    WHERE said.holds AND c.outcome <> 'taken_back'
"""
HELD = "p.from_at <= %(at)s AND (p.until_at IS NULL OR p.until_at > %(at)s)"
NODES = f"""
    SELECT (ARRAY['streets', 'communities', 'estates', 'groups', 'grids'])[g.level + 1], g.id, g.id, '', NULL::date, 1
    FROM grids_grid g WHERE g.retired_at IS NULL
    UNION ALL
    SELECT 'led', g.id, g.id, '', NULL, 1 FROM grids_grid g WHERE g.retired_at IS NULL AND g.level = 4
    AND EXISTS (SELECT FROM grids_post p WHERE p.grid_id = g.id AND p.role = 'grid_leader' AND {HELD})
"""
POSTS = f"""
    SELECT said.measure, p.id, p.grid_id, '', NULL::date, 1
    FROM grids_post p JOIN (VALUES ('grid_leader', 'grid_leaders'), ('police_officer', 'officers'),
        ('police_auxiliary', 'auxiliaries'), ('patrol', 'patrols')) AS said (role, measure) USING (role)
    WHERE p.grid_id IS NOT NULL AND {HELD}
"""
AREAS = "SELECT 'areas', id, grid_id, '', NULL::date, 1 FROM grids_territory WHERE retired_at IS NULL AND level = 0"
PLACES = f"""
    SELECT CASE kind WHEN 'centre' THEN 'centres' ELSE 'tea_tables' END, id, grid_id, '', NULL::date, 1
    FROM grids_place WHERE opened_date <= {_day("%(at)s")} AND (closed_date IS NULL OR closed_date > {_day("%(at)s")})
"""
TEAMS = """
    SELECT 'teams', id, grid_id, '', NULL::date, 1 FROM volunteers_team WHERE ended_at IS NULL AND kind = 'support'
"""


def _members(kind: str, measure: str) -> str:
    return f"""
    SELECT DISTINCT ON (m.person_id) '{measure}', m.person_id, t.grid_id, '', NULL::date, 1
    FROM volunteers_teammember m JOIN volunteers_team t ON t.id = m.team_id
    WHERE m.until_at IS NULL AND t.ended_at IS NULL AND t.kind = '{kind}' ORDER BY m.person_id, m.from_at, m.id
"""


SOCIETIES = """
    SELECT DISTINCT ON (u.id) 'societies', u.id, t.grid_id, '', NULL::date, 1
    FROM grids_unit u JOIN volunteers_team t ON t.unit_id = u.id
    WHERE u.kind = 'society' AND u.is_active AND t.ended_at IS NULL ORDER BY u.id, t.id
"""
REPORTS = "SELECT 'reported', id, grid_id, '', NULL::date, 1 FROM volunteers_dutyreport WHERE state = 'approved'"
NEEDS = f"""
    SELECT CASE urgency WHEN 'normal' THEN 'needs' ELSE 'urgent_needs' END, id, grid_id, '', {_day("ended_at")}, 1
    FROM volunteers_need WHERE state = 'solved'
"""
HOURS = f"""
    SELECT 'hours', h.id, c.grid_id, '', {_day("s.begins_at")}, h.hours
    FROM volunteers_hoursentry h JOIN cases_case c ON c.id = h.case_id
    JOIN volunteers_serviceorder s ON s.case_id = c.id WHERE h.counts_at <= %(at)s AND h.hours <> 0 AND {IS_REAL}
"""
CALL_OUTS = f"""
    SELECT CASE WHEN o.is_drill THEN 'drills' ELSE 'call_outs' END, o.id, p.grid_id, '', {_day("o.called_at")}, 1
    FROM volunteers_callout o JOIN volunteers_plan p ON p.id = o.plan_id
"""
DOCTORS = f"""
    SELECT said.measure, d.need_id, n.grid_id, '', NULL::date, 1
    FROM volunteers_doctorsigning d JOIN volunteers_need n ON n.id = d.need_id,
    LATERAL (VALUES ('doctor_asked', true), ('doctor_signed', EXISTS (
        SELECT FROM volunteers_doctorterm t
        WHERE t.signing_id = d.need_id AND {_day("%(at)s")} BETWEEN t.from_date AND t.until_date
    ))) AS said (measure, holds)
    WHERE d.ended_at IS NULL AND said.holds
"""
ACTIVITIES = f"""
    SELECT 'activities', a.id, p.grid_id, '', {_day("a.from_at")}, 1
    FROM meetings_activity a JOIN grids_place p ON p.id = a.place_id
    WHERE p.kind = 'centre' AND a.cancelled_at IS NULL AND a.until_at <= %(at)s
"""
VISITS = """
    SELECT 'visits', v.id, p.grid_id, '', v.date, v.count
    FROM grids_visitcount v JOIN grids_place p ON p.id = v.place_id WHERE p.kind = 'centre' AND v.count <> 0
"""
PLAIN = {
    "case": CASES, "grid": NODES, "post": POSTS, "area": AREAS, "place": PLACES, "team": TEAMS,
    "member": _members("support", "members"), "steward": _members("steward", "stewards"), "society": SOCIETIES,
    "report": REPORTS, "need": NEEDS, "hours": HOURS, "call_out": CALL_OUTS, "doctor": DOCTORS,
    "activity": ACTIVITIES, "visit": VISITS,
}  # fmt: skip
"""By source (dashboards/figures/sources/)."""

KEPT = """
    SELECT t.measure, c.thing, t.grid_id, t.kind, t.day, t.amount
    FROM dashboards_tally t JOIN dashboards_counted c ON c.id = t.counted_id
    WHERE c.source = %(source)s AND t.measure NOT LIKE '%%\\_work:%%'
"""
DIFFERING = """
    WITH plain (measure, thing, grid, kind, day, amount) AS ({plain}), kept (measure, thing, grid, kind, day, amount) AS ({kept})
    SELECT * FROM (
        SELECT '缺' AS what, missing.* FROM (TABLE plain EXCEPT ALL TABLE kept) AS missing
        UNION ALL SELECT '多', more.* FROM (TABLE kept EXCEPT ALL TABLE plain) AS more
    ) AS differing
    WHERE thing NOT IN (SELECT thing FROM dashboards_mark WHERE source = %(source)s) ORDER BY thing, measure LIMIT 100
"""


def differing(source: str, *, at: datetime) -> list[str]:
    """What is kept of this source otherwise than its rows say; what waits to be counted is left out."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING.format(plain=PLAIN[source], kept=KEPT), {"source": source, "at": at})
        return [
            f"{source} {thing}：{what} {measure} {day or '现有'} {amount}（网格 {grid}，{kind or '—'}）"
            for what, measure, thing, grid, kind, day, amount in cursor.fetchall()
        ]
