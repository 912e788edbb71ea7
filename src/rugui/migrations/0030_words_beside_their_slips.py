from collections import defaultdict

import django.db.models.deletion
from django.db import migrations, models

# Where only the number of a word stood the word itself does; a key of two columns cannot be changed by steps of Django's.
_FORWARDS = """
ALTER TABLE rugui_nameslip ADD COLUMN word varchar(40) COLLATE "C";
UPDATE rugui_nameslip s SET word = w.word FROM rugui_nameword w WHERE w.h = s.word_h;
DELETE FROM rugui_nameslip WHERE word IS NULL;
ALTER TABLE rugui_nameslip ALTER COLUMN word SET NOT NULL, DROP COLUMN word_h;
"""


def build(apps, schema_editor):
    """The keys that step 21 took away. A merged card's names lead to the card that it has become part of."""
    from rugui.know import keys

    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT FROM rugui_namekey LIMIT 1")
        if cursor.fetchone() is not None:
            return
        cursor.execute(
            "SELECT id, organization_id, merged_into_id, name, address_as FROM rugui_customer ORDER BY id"
        )
        rows = cursor.fetchall()
    into = {row_id: merged for row_id, _organization, merged, *_names in rows if merged}
    names = defaultdict(lambda: defaultdict(list))
    for row_id, organization, _merged, *called in rows:
        while row_id in into:
            row_id = into[row_id]
        names[organization][row_id] += called
    for organization, cards in names.items():
        keys.build(schema_editor.connection.connection, organization, cards.items())
        keys.count(organization)


class Migration(migrations.Migration):
    dependencies = [("rugui", "0029_not_to_be_disturbed")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_FORWARDS)],
            state_operations=[
                migrations.DeleteModel("NameSlip"),
                migrations.CreateModel(
                    name="NameSlip",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "h", "word", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("h", models.BigIntegerField()),
                        ("word", models.CharField(db_collation="C", max_length=40)),
                        (
                            "organization",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="rugui.organization",
                            ),
                        ),
                    ],
                    options={"indexes": [models.Index(fields=["h"], name="name_slip")]},
                ),
            ],
        ),
        migrations.RunPython(build, migrations.RunPython.noop),
    ]
