"""The story of a case is append-only: the database refuses to change or remove it. Words people
said may be blanked (erasure), not reworded.

Who keeps what staff tune in mind sees by one stamp that it changed, whoever changed it."""

from django.db import migrations

GUARD = """
CREATE FUNCTION cases_guard_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'cases_caseevent is append-only (% refused)', TG_OP;
END $$;
CREATE TRIGGER cases_event_append_only BEFORE UPDATE OR DELETE ON cases_caseevent
    FOR EACH ROW EXECUTE FUNCTION cases_guard_event();

CREATE FUNCTION cases_guard_remark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.words <> '' OR NEW.event_id <> OLD.event_id THEN
        RAISE EXCEPTION 'cases_remark may only be blanked';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_remark_blank_only BEFORE UPDATE ON cases_remark
    FOR EACH ROW EXECUTE FUNCTION cases_guard_remark();
"""
UNGUARD = """
DROP TRIGGER cases_event_append_only ON cases_caseevent;
DROP FUNCTION cases_guard_event();
DROP TRIGGER cases_remark_blank_only ON cases_remark;
DROP FUNCTION cases_guard_remark();
"""

TABLES = ("calendarday", "category", "routingrule", "timelimit")

STAMP = """
CREATE FUNCTION cases_stamp_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_rulesstamp (id, value) VALUES (1, gen_random_uuid())
        ON CONFLICT (id) DO UPDATE SET value = EXCLUDED.value;
    RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER cases_{table}_stamps AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cases_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION cases_stamp_rules();
"""
    for table in TABLES
)
UNSTAMP = (
    "".join(f"DROP TRIGGER cases_{table}_stamps ON cases_{table};\n" for table in TABLES)
    + "DROP FUNCTION cases_stamp_rules();"
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD), migrations.RunSQL(STAMP, UNSTAMP)]
