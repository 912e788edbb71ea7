import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rugui', '0010_merged_cards_and_pairs'),
    ]

    operations = [
        migrations.AlterField(
            model_name='identity',
            name='customer',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='rugui.customer'),
        ),
        migrations.AlterField(
            model_name='namekey',
            name='customer',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='name_keys', to='rugui.customer'),
        ),
        migrations.AlterField(
            model_name='purchase',
            name='customer',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='purchases', to='rugui.customer'),
        ),
        migrations.AlterField(
            model_name='purchase',
            name='place',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place'),
        ),
        migrations.AlterField(
            model_name='touch',
            name='customer',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='touches', to='rugui.customer'),
        ),
        migrations.AlterField(
            model_name='touch',
            name='place',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place'),
        ),
    ]
