"""Lets a live process find at its start who lost or changed rights lately."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rugui", "0003_password_key_kind")]

    operations = [
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
                        ),
                    )
                ),
                fields=["at"],
                name="journal_rights",
            ),
        ),
    ]
