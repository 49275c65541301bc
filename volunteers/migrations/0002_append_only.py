"""Both ledgers are append-only: the database refuses to change or remove an entry. A certificate stays as it was issued:
only its file may go."""

from django.db import migrations

GUARD = """
CREATE FUNCTION volunteers_guard_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only (% refused)', TG_TABLE_NAME, TG_OP;
END $$;
CREATE TRIGGER volunteers_hours_append_only BEFORE UPDATE OR DELETE ON volunteers_hoursentry
    FOR EACH ROW EXECUTE FUNCTION volunteers_guard_ledger();
CREATE TRIGGER volunteers_points_append_only BEFORE UPDATE OR DELETE ON volunteers_pointsentry
    FOR EACH ROW EXECUTE FUNCTION volunteers_guard_ledger();

CREATE FUNCTION volunteers_guard_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.file = '' AND (to_jsonb(NEW) - 'file') = (to_jsonb(OLD) - 'file') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'volunteers_certificate is fixed once issued (% refused)', TG_OP;
END $$;
CREATE TRIGGER volunteers_certificate_stays BEFORE UPDATE OR DELETE ON volunteers_certificate
    FOR EACH ROW EXECUTE FUNCTION volunteers_guard_certificate();
"""
UNGUARD = """
DROP TRIGGER volunteers_hours_append_only ON volunteers_hoursentry;
DROP TRIGGER volunteers_points_append_only ON volunteers_pointsentry;
DROP FUNCTION volunteers_guard_ledger();
DROP TRIGGER volunteers_certificate_stays ON volunteers_certificate;
DROP FUNCTION volunteers_guard_certificate();
"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0001_initial"), ("accounts", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
