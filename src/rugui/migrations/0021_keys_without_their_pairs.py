"""Keys of names are found by their hashes alone, a pair's is the sum of its words'; less is kept of identities."""

from django.db import migrations, models

from rugui.engines.identity.keys import tail


def fill_tails(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id, kind, normal FROM rugui_identity")
        rows = [(row_id, tail(kind, normal)) for row_id, kind, normal in cursor.fetchall()]
        cursor.execute(
            "UPDATE rugui_identity i SET tail = t.tail FROM unnest(%s::bigint[], %s::text[]) AS t(id, tail) WHERE i.id = t.id",
            [[row_id for row_id, _tail in rows], [each for _row_id, each in rows]],
        )


class Migration(migrations.Migration):

    dependencies = [
        ('rugui', '0020_the_extra_has_its_step'),
    ]

    operations = [
        migrations.RunSQL('TRUNCATE rugui_namekey, rugui_nameword, rugui_nameslip', migrations.RunSQL.noop),
        migrations.RunSQL('ALTER TABLE rugui_namekey DROP CONSTRAINT rugui_namekey_pkey', migrations.RunSQL.noop),
        migrations.RunSQL('ALTER TABLE rugui_nameslip DROP CONSTRAINT rugui_nameslip_pkey', migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='namekey',
            index=models.Index(fields=['h'], name='name_key'),
        ),
        migrations.AddIndex(
            model_name='nameslip',
            index=models.Index(fields=['h'], name='name_slip'),
        ),
        # Step 30 makes the keys anew, once their tables are as the program knows them.
        migrations.RemoveIndex(model_name='identity', name='identity_tail'),
        migrations.RunPython(fill_tails, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='identity',
            index=models.Index(condition=models.Q(('tail', ''), _negated=True), fields=['organization', 'tail'], name='identity_tail'),
        ),
    ]
