from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0005_rules_of_votes'),
    ]

    operations = [
        migrations.AddField(
            model_name='cosign',
            name='is_counted',
            field=models.BooleanField(default=True, help_text='联署那天户册上住在这里或在这里有房', verbose_name='计入'),
            preserve_default=False,
        ),
    ]
