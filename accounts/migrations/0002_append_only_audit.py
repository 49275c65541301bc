"""The audit trail is append-only: the database refuses to change or remove a line, but for its one sealing; what was said
with it may be blanked (erasure), not reworded."""

from django.db import migrations

GUARD = """
CREATE FUNCTION accounts_guard_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.seal = '' AND NEW.seal <> ''
            AND to_jsonb(NEW) - 'number' - 'seal' = to_jsonb(OLD) - 'number' - 'seal' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'accounts_auditline is append-only (% refused)', TG_OP;
END $$;
CREATE TRIGGER accounts_audit_append_only BEFORE UPDATE OR DELETE ON accounts_auditline
    FOR EACH ROW EXECUTE FUNCTION accounts_guard_audit();

CREATE FUNCTION accounts_guard_audit_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Blanked, or encrypted anew under another key: the digest in the line shows any other change.
    IF TG_OP = 'DELETE' OR NEW.line_id <> OLD.line_id OR (NEW.words <> '' AND NEW.words NOT LIKE 'v1:%') THEN
        RAISE EXCEPTION 'accounts_auditwords may only be blanked';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_audit_words_blank_only BEFORE UPDATE OR DELETE ON accounts_auditwords
    FOR EACH ROW EXECUTE FUNCTION accounts_guard_audit_words();
"""
UNGUARD = """
DROP TRIGGER accounts_audit_append_only ON accounts_auditline;
DROP FUNCTION accounts_guard_audit();
DROP TRIGGER accounts_audit_words_blank_only ON accounts_auditwords;
DROP FUNCTION accounts_guard_audit_words();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
