"""Who keeps what staff tune in mind sees by one stamp that it changed, whoever changed it."""

from django.db import migrations, models

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
    dependencies = [("cases", "0012_public_by_grid")]
    operations = [
        migrations.CreateModel(
            name="RulesStamp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.UUIDField(verbose_name="版本")),
            ],
            options={"verbose_name": "规则版本", "verbose_name_plural": "规则版本"},
        ),
        migrations.RunSQL(STAMP, UNSTAMP),
    ]
