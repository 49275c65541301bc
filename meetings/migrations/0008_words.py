from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0007_booking_for_a_group'),
    ]

    operations = [
        migrations.AlterField(
            model_name='signup',
            name='state',
            field=models.CharField(choices=[('seated', '已报名'), ('waiting', '候补'), ('left', '已取消')], max_length=10, verbose_name='状态'),
        ),
        migrations.AlterField(
            model_name='teatalk',
            name='outcome',
            field=models.CharField(choices=[('agreed', '达成一致'), ('continued', '下次继续协商'), ('handed_up', '上报上级协助办理'), ('topic', '需共同协商，转为议题')], max_length=10, verbose_name='结果'),
        ),
    ]
