"""When somebody's second step was last taken away, and by whom; that ends their sessions and live streams."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rugui", "0012_keys_of_names"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="journalentry",
            name="journal_rights",
        ),
        migrations.AddField(
            model_name="user",
            name="second_step_reset_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="second_step_reset_by",
            field=models.CharField(db_default="", default="", editable=False, max_length=80),
        ),
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "link.made",
                            "link.revoked",
                            "staff.disabled",
                            "staff.places_changed",
                            "staff.removed",
                            "staff.role_changed",
                            "staff.second_step_reset",
                        ),
                    )
                ),
                fields=["at"],
                name="journal_rights",
            ),
        ),
    ]
