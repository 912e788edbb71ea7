
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("rugui", "0030_words_beside_their_slips"),
    ]

    operations = [
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('by_self', models.BooleanField(default=False)),
                ('moment', models.CharField(choices=[('arrival', 'Arrival'), ('phone_opening', 'Telephone: the opening'), ('phone_hold', 'Telephone: putting on hold'), ('phone_transfer', 'Telephone: passing on'), ('phone_closing', 'Telephone: the closing'), ('chat', 'Chat'), ('email', 'E-mail'), ('escorting', 'Showing the way'), ('farewell', 'Farewell')], max_length=16)),
                ('at', models.DateTimeField()),
                ('made_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('observer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place')),
                ('staff', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='Standard',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('moment', models.CharField(choices=[('arrival', 'Arrival'), ('phone_opening', 'Telephone: the opening'), ('phone_hold', 'Telephone: putting on hold'), ('phone_transfer', 'Telephone: passing on'), ('phone_closing', 'Telephone: the closing'), ('chat', 'Chat'), ('email', 'E-mail'), ('escorting', 'Showing the way'), ('farewell', 'Farewell')], max_length=16)),
                ('version', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(null=True)),
                ('instead_of', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.standard')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place')),
            ],
        ),
        migrations.CreateModel(
            name='ObservedMark',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('mark', models.CharField(choices=[('kept', 'done'), ('missed', 'not done'), ('unseen', 'not seen')], max_length=6)),
                ('observation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='rugui.observation')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('standard', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.standard')),
            ],
        ),
        migrations.CreateModel(
            name='StandardWording',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hant', '繁體中文'), ('zh-hans', '简体中文')], max_length=10)),
                ('text', models.CharField(max_length=200)),
                ('say', models.CharField(blank=True, max_length=300)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('standard', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='wordings', to='rugui.standard')),
            ],
        ),
        migrations.CreateModel(
            name='Courtesy',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('moment', models.CharField(choices=[('arrival', 'Arrival'), ('farewell', 'Farewell')], max_length=8)),
                ('due_at', models.DateTimeField()),
                ('said_at', models.DateTimeField(null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place')),
                ('staff', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
                ('visit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.visit')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'place', '-due_at'], name='courtesy_due')],
                'constraints': [models.UniqueConstraint(fields=('visit', 'moment'), name='courtesy_once')],
            },
        ),
        migrations.AddIndex(
            model_name='observation',
            index=models.Index(fields=['organization', 'place', '-at'], name='observation_at_place'),
        ),
        migrations.AddIndex(
            model_name='observation',
            index=models.Index(fields=['staff', '-at'], name='observation_of_staff'),
        ),
        migrations.AddIndex(
            model_name='standard',
            index=models.Index(condition=models.Q(('retired_at__isnull', True)), fields=['organization', 'moment', 'place'], name='standard_holds'),
        ),
        migrations.AddConstraint(
            model_name='standard',
            constraint=models.CheckConstraint(condition=models.Q(('instead_of__isnull', True), ('place__isnull', False), _connector='OR'), name='standard_instead_somewhere'),
        ),
        migrations.AddConstraint(
            model_name='standard',
            constraint=models.UniqueConstraint(condition=models.Q(('instead_of__isnull', False), ('retired_at__isnull', True)), fields=('organization', 'place', 'instead_of'), name='standard_instead_once'),
        ),
        migrations.AddConstraint(
            model_name='observedmark',
            constraint=models.UniqueConstraint(fields=('observation', 'standard'), name='observed_once'),
        ),
        migrations.AddConstraint(
            model_name='standardwording',
            constraint=models.UniqueConstraint(fields=('organization', 'standard', 'number', 'language'), name='standard_worded_once'),
        ),
    ]
