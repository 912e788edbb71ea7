"""Names are found by hashed keys and a vocabulary, identities also from their end. Fills the latter; the keys are built in 0017."""

import django.db.models.deletion
from django.db import migrations, models

import rugui.know.models
from rugui.engines.identity.keys import tail

ORGANIZATION = models.ForeignKey(
    db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization',
)


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
        ('rugui', '0011_references_proved_by_the_statement'),
    ]

    operations = [
        migrations.DeleteModel(name='NameKey'),
        migrations.CreateModel(
            name='NameKey',
            fields=[
                ('pk', models.CompositePrimaryKey('h', 'customer', blank=True, editable=False, primary_key=True, serialize=False)),
                ('h', models.BigIntegerField()),
                ('customer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='name_keys', to='rugui.customer')),
                ('organization', ORGANIZATION.clone()),
            ],
            options={'abstract': False},
        ),
        migrations.CreateModel(
            name='NameSlip',
            fields=[
                ('pk', models.CompositePrimaryKey('h', 'word_h', blank=True, editable=False, primary_key=True, serialize=False)),
                ('h', models.BigIntegerField()),
                ('word_h', models.BigIntegerField()),
                ('organization', ORGANIZATION.clone()),
            ],
            options={'abstract': False},
        ),
        migrations.CreateModel(
            name='NameWord',
            fields=[
                ('h', models.BigIntegerField(primary_key=True, serialize=False)),
                ('word', models.CharField(db_collation='C', max_length=40)),
                ('people', models.IntegerField(default=1)),
                ('organization', ORGANIZATION.clone()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'word'), name='name_word_once')],
            },
        ),
        migrations.AddField(
            model_name='identity',
            name='tail',
            field=rugui.know.models.Tail(db_collation='C', default='', editable=False, max_length=200),
            preserve_default=False,
        ),
        migrations.RunPython(fill_tails, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='identity',
            index=models.Index(fields=['organization', 'tail'], name='identity_tail'),
        ),
    ]
