"""The one row that names this installation and holds the key of its public ids."""

import secrets

from django.db import migrations


def name_installation(apps, schema_editor):
    apps.get_model("rugui", "Installation").objects.get_or_create(
        id=1, defaults={"id_key": secrets.token_bytes(16)}
    )


class Migration(migrations.Migration):
    dependencies = [("rugui", "0001_house")]
    operations = [migrations.RunPython(name_installation, migrations.RunPython.noop)]
