"""The audit trail is append-only: the database refuses to change or remove a line; what was said with it may be blanked
(erasure), not reworded. Earlier access logs become its first lines."""

from django.db import migrations

from accounts.audit import FIRST_SEAL, _digest, seal_of

GUARD = """
CREATE FUNCTION accounts_guard_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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


def carry_over(apps, schema_editor):
    AuditLine = apps.get_model("accounts", "AuditLine")
    AuditWords = apps.get_model("accounts", "AuditWords")
    seal = FIRST_SEAL
    for number, log in enumerate(apps.get_model("accounts", "AccessLog").objects.order_by("at", "pk"), start=1):
        line = AuditLine(
            number=number, at=log.at, act="reveal", by=log.by_id_was, about=log.about_id_was, thing=log.what,
            words_digest=_digest(log.reason),
        )
        line.seal = seal = seal_of(line, seal)
        line.save(force_insert=True)
        AuditWords.objects.create(line=line, words=log.reason)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sign_in_and_rights")]
    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.DeleteModel(name="AccessLog"),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
