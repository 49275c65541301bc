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

CREATE FUNCTION dashboards_mark_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dashboards_mark (source, thing)
    SELECT source, person_id
    FROM volunteers_teammember, unnest(ARRAY['member', 'steward']) AS source
    WHERE team_id = NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION dashboards_mark_hours() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dashboards_mark (source, thing)
    SELECT 'hours', id FROM volunteers_hoursentry WHERE case_id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
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


MEMBERS = f"""
CREATE TRIGGER dashboards_members_change AFTER UPDATE ON volunteers_team
    FOR EACH ROW WHEN ({_differs("kind, grid_id, ended_at")}) EXECUTE FUNCTION dashboards_mark_members();
"""
HOURS = f"""
CREATE TRIGGER dashboards_hours_go_along AFTER UPDATE ON cases_case
    FOR EACH ROW WHEN ({_differs("grid_id")}) EXECUTE FUNCTION dashboards_mark_hours('id');
CREATE TRIGGER dashboards_hours_go_along AFTER UPDATE ON volunteers_serviceorder
    FOR EACH ROW WHEN ({_differs("begins_at, call_out_id")}) EXECUTE FUNCTION dashboards_mark_hours('case_id');
"""
"""Hours count where and when the service was that they were given in."""
ON = ADDED + FUNCTIONS + "".join(_triggers(table, *words) for table, words in THINGS.items()) + MEMBERS + HOURS
OFF = (
    "".join(
        f"DROP TRIGGER dashboards_comes_or_goes ON {table}; DROP TRIGGER dashboards_changes ON {table};\n"
        for table in THINGS
    )
    + "DROP TRIGGER dashboards_members_change ON volunteers_team;\n"
    "DROP TRIGGER dashboards_hours_go_along ON cases_case;\n"
    "DROP TRIGGER dashboards_hours_go_along ON volunteers_serviceorder;\n"
    "DROP FUNCTION dashboards_mark_hours();"
    "DROP FUNCTION dashboards_mark_members(); DROP FUNCTION dashboards_mark_thing();"
    " DROP FUNCTION dashboards_added(jsonb, jsonb);"
)


class Migration(migrations.Migration):
    dependencies = [
        ("dashboards", "0001_initial"),
        ("grids", "0001_initial"),
        ("cases", "0001_initial"),
        ("disputes", "0001_initial"),
        ("volunteers", "0001_initial"),
    ]
    operations = [migrations.RunSQL(ON, OFF)]
