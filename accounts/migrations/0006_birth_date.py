import accounts.personal_data
from django.db import migrations, models


class Migration(migrations.Migration):
    """A day of birth in the place of a tick that grew stale."""

    dependencies = [
        ('accounts', '0005_codes_of_a_browser_and_kept_forms'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='birth_date',
            field=accounts.personal_data.EncryptedDateField(blank=True, help_text='只用来判断是否成年；成年人不必填（个人信息保护法 6）', null=True, verbose_name='出生日期'),
        ),
        migrations.RemoveField(model_name='user', name='is_minor'),
    ]
