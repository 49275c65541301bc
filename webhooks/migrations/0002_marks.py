"""What happens to a case marks itself where anybody listens, in the transaction in which it happens: no act asks anything for
it, and no event is passed over that commits late."""

from django.db import migrations

MARKS = """
CREATE FUNCTION webhooks_mark_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM webhooks_endpoint WHERE is_active) THEN
        INSERT INTO webhooks_mark (event_id) SELECT id FROM happened;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER webhooks_event_marks AFTER INSERT ON cases_caseevent REFERENCING NEW TABLE AS happened
    FOR EACH STATEMENT EXECUTE FUNCTION webhooks_mark_events();
"""
UNMARK = """
DROP TRIGGER webhooks_event_marks ON cases_caseevent;
DROP FUNCTION webhooks_mark_events();
"""


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial"), ("cases", "0002_append_only_and_stamp")]
    operations = [migrations.RunSQL(MARKS, UNMARK)]
