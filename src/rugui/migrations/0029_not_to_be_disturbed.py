from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rugui", "0028_what_is_heard")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="quiet",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("quiet__regex", "^(always|\\d{4}-\\d\\d-\\d\\d)?$")),
                name="customer_quiet_until",
            ),
        ),
    ]
