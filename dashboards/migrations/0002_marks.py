"""Whatever is counted marks itself when it changes, whoever writes it: services, bulk updates, seeds, the admin, erasure.

Each trigger names the source and the column that holds its thing (dashboards/figures/sources/). A row that moves from one thing
to another marks both."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION dashboards_mark_thing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
BEGIN
    FOR i IN 0 .. TG_NARGS / 2 - 1 LOOP
        INSERT INTO dashboards_mark (source, thing)
        SELECT DISTINCT TG_ARGV[2 * i], thing::bigint
        FROM unnest(ARRAY[before ->> TG_ARGV[2 * i + 1], after ->> TG_ARGV[2 * i + 1]]) AS thing
        WHERE thing IS NOT NULL;
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION dashboards_mark_those() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO dashboards_mark (source, thing) SELECT %L, %I FROM %I WHERE %I = $1',
        TG_ARGV[0], TG_ARGV[2], TG_ARGV[1], TG_ARGV[3]
    ) USING (to_jsonb(NEW) ->> TG_ARGV[4])::bigint;
    RETURN NULL;
END $$;
"""

ADDED = """
CREATE FUNCTION dashboards_added(one jsonb, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT COALESCE(jsonb_object_agg(measure, total), '{}'::jsonb)
    FROM (
        SELECT measure, sum(amount::bigint) AS total
        FROM (SELECT * FROM jsonb_each_text(one) UNION ALL SELECT * FROM jsonb_each_text(other)) AS parts (measure, amount)
        GROUP BY measure
    ) AS summed
    WHERE total <> 0
$$;
"""
"""What two rollups come to, measure by measure; a measure that comes to nothing is left out."""

THINGS = {
    "grids_grid": ("'grid', 'id'", "parent_id, retired_at"),
    "grids_post": ("'post', 'id', 'grid', 'grid_id'", ""),
    "grids_territory": ("'area', 'id'", "grid_id, retired_at"),
    "grids_place": ("'place', 'id'", ""),
    "grids_unit": ("'society', 'id'", "kind, is_active"),
    "cases_case": ("'case', 'id'", ""),
    "cases_rating": ("'case', 'case_id'", ""),
    "disputes_dispute": ("'case', 'case_id'", "settled_level"),
    "volunteers_serviceorder": ("'case', 'case_id'", "begins_at"),
    "volunteers_team": ("'team', 'id', 'society', 'unit_id'", "kind, grid_id, unit_id, ended_at"),
    "volunteers_teammember": ("'member', 'person_id', 'steward', 'person_id'", ""),
    "volunteers_dutyreport": ("'report', 'id'", "grid_id, state"),
    "volunteers_need": ("'need', 'id'", "grid_id, urgency, state, ended_at"),
    "volunteers_hoursentry": ("'hours', 'id'", ""),
    "volunteers_callout": ("'call_out', 'id'", "plan_id, is_drill, called_at"),
    "volunteers_doctorsigning": ("'doctor', 'need_id'", "ended_at"),
    "volunteers_doctorterm": ("'doctor', 'signing_id'", ""),
    "meetings_activity": ("'activity', 'id'", "place_id, from_at, until_at, cancelled_at"),
    "grids_visitcount": ("'visit', 'id'", ""),
}
"""Table -> what its rows mark, and the columns that matter; "" for all."""


def _differs(columns: str) -> str:
    names = columns.split(", ") if columns else ["*"]
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in names)


def _triggers(table: str, arguments: str, columns: str) -> str:
    marks = f"FOR EACH ROW EXECUTE FUNCTION dashboards_mark_thing({arguments})"
    changes = f"FOR EACH ROW WHEN ({_differs(columns)}) EXECUTE FUNCTION dashboards_mark_thing({arguments})"
    return (
        f"CREATE TRIGGER dashboards_comes_or_goes AFTER INSERT OR DELETE ON {table} {marks};\n"
        f"CREATE TRIGGER dashboards_changes AFTER UPDATE ON {table} {changes};\n"
    )


ALONG = (
    ("volunteers_team", "kind, grid_id, ended_at", "'member', 'volunteers_teammember', 'person_id', 'team_id', 'id'"),
    ("volunteers_team", "kind, grid_id, ended_at", "'steward', 'volunteers_teammember', 'person_id', 'team_id', 'id'"),
    ("cases_case", "grid_id", "'hours', 'volunteers_hoursentry', 'id', 'case_id', 'id'"),
    ("volunteers_serviceorder", "begins_at, call_out_id", "'hours', 'volunteers_hoursentry', 'id', 'case_id', 'case_id'"),
    ("volunteers_plan", "grid_id", "'call_out', 'volunteers_callout', 'id', 'plan_id', 'id'"),
    ("volunteers_need", "grid_id", "'doctor', 'volunteers_doctorsigning', 'need_id', 'need_id', 'id'"),
    ("grids_place", "grid_id, kind", "'activity', 'meetings_activity', 'id', 'place_id', 'id'"),
    ("grids_place", "grid_id, kind", "'visit', 'grids_visitcount', 'id', 'place_id', 'id'"),
)
"""What counts where and when something else lies, is or was: a table, its columns that matter; and the source whose things
are marked, the table they stand in, the column that names them, the one that names this row, and this row's own."""


def _goes_along(number: int, table: str, columns: str, arguments: str) -> str:
    return (
        f"CREATE TRIGGER dashboards_goes_along_{number} AFTER UPDATE ON {table}\n"
        f"    FOR EACH ROW WHEN ({_differs(columns)}) EXECUTE FUNCTION dashboards_mark_those({arguments});\n"
    )


ON = (
    ADDED
    + FUNCTIONS
    + "".join(_triggers(table, *words) for table, words in THINGS.items())
    + "".join(_goes_along(number, *words) for number, words in enumerate(ALONG))
)
OFF = (
    "".join(
        f"DROP TRIGGER dashboards_comes_or_goes ON {table}; DROP TRIGGER dashboards_changes ON {table};\n"
        for table in THINGS
    )
    + "".join(f"DROP TRIGGER dashboards_goes_along_{number} ON {table};\n" for number, (table, *_) in enumerate(ALONG))
    + "DROP FUNCTION dashboards_mark_those(); DROP FUNCTION dashboards_mark_thing();"
    " DROP FUNCTION dashboards_added(jsonb, jsonb);"
)


class Migration(migrations.Migration):
    dependencies = [
        ("dashboards", "0001_initial"),
        ("grids", "0001_initial"),
        ("cases", "0001_initial"),
        ("disputes", "0001_initial"),
        ("volunteers", "0001_initial"),
        ("meetings", "0001_initial"),
    ]
    operations = [migrations.RunSQL(ON, OFF)]
