"""A paper that left the house stays as it was: only its file may go, when it is kept no longer. A file number once given
stays for ever."""

from django.db import migrations

GUARD = """
CREATE FUNCTION disputes_guard_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.file = ''
        AND (to_jsonb(NEW) - 'file') = (to_jsonb(OLD) - 'file') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'disputes_issuedpaper is fixed once issued (% refused)', TG_OP;
END $$;
CREATE TRIGGER disputes_paper_stays BEFORE UPDATE OR DELETE ON disputes_issuedpaper
    FOR EACH ROW EXECUTE FUNCTION disputes_guard_paper();

CREATE FUNCTION disputes_guard_file_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'disputes_filenumber stays as it was given (% refused)', TG_OP;
END $$;
CREATE TRIGGER disputes_file_number_stays BEFORE UPDATE OR DELETE ON disputes_filenumber
    FOR EACH ROW EXECUTE FUNCTION disputes_guard_file_number();
"""
UNGUARD = """
DROP TRIGGER disputes_paper_stays ON disputes_issuedpaper;
DROP FUNCTION disputes_guard_paper();
DROP TRIGGER disputes_file_number_stays ON disputes_filenumber;
DROP FUNCTION disputes_guard_file_number();
"""


class Migration(migrations.Migration):
    dependencies = [("disputes", "0001_initial"), ("cases", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
