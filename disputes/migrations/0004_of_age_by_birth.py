from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('disputes', '0003_experts'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='party', name='minor_has_a_guardian'),
        migrations.RenameField(model_name='party', old_name='is_minor', new_name='is_said_minor'),
        migrations.AlterField(
            model_name='party',
            name='is_said_minor',
            field=models.BooleanField(default=False, help_text='不知道出生日期时以此为准；知道的，以出生日期为准', verbose_name='未成年人'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.CheckConstraint(condition=models.Q(('is_said_minor', False), models.Q(('guardian', ''), _negated=True), _connector='OR'), name='minor_has_a_guardian'),
        ),
    ]
