"""Stages with a time limit are those of every kind and those a kind declares for itself."""

import cases.models.rules
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_promises_and_heirs")]
    operations = [
        migrations.AlterField(
            model_name="timelimit",
            name="stage",
            field=models.CharField(choices=cases.models.rules.stage_choices, max_length=20, verbose_name="阶段"),
        ),
    ]
