from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rugui', '0013_second_step_reset'),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='false_link_rate',
            field=models.FloatField(db_default=0.001, default=0.001),
        ),
    ]
