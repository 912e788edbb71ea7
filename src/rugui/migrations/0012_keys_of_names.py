"""Names are found by hashed keys and a vocabulary, identities also from their end. Filled in 0021."""

import django.db.models.deletion
from django.db import migrations, models

import rugui.know.models

ORGANIZATION = models.ForeignKey(
    db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization',
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
        migrations.AddIndex(
            model_name='identity',
            index=models.Index(fields=['organization', 'tail'], name='identity_tail'),
        ),
    ]
