from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dashboards", "0005_exported_case_lists")]
    operations = [
        migrations.AddField("scorer", "present_at", models.DateTimeField("到场登记时间", null=True)),
    ]
