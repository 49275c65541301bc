from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0006_cosigners_with_a_home'),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='group',
            field=models.CharField(blank=True, help_text='哪个队伍或单位；空为自己用', max_length=30, verbose_name='替谁约'),
        ),
    ]
