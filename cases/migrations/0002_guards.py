"""The story of a case is append-only: the database refuses to change or remove it.

Events of demonstration cases may be removed (with their case). Words people said may be blanked (erasure), not reworded."""

from django.db import migrations

GUARD = """
CREATE FUNCTION cases_guard_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND (SELECT is_demo FROM cases_case WHERE id = OLD.case_id) THEN
        RETURN OLD;
    END IF;
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


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
