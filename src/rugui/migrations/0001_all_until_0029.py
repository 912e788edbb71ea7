"""All of the tables at once, for a database that is new: the twenty-nine steps that led to them, put together.

Django renders the models anew at each step; with a hundred and thirty models the steps took over a minute of processor time, this
takes a few seconds. A database that has some of the steps goes on by the steps. `tests/core/test_schema.py` holds that both end alike.
"""

import datetime
import secrets
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import rugui.house.models
import rugui.know.models
import rugui.promise.models
from django.conf import settings
from django.db import migrations, models


def name_installation(apps, schema_editor):
    apps.get_model("rugui", "Installation").objects.get_or_create(
        id=1, defaults={"id_key": secrets.token_bytes(16)}
    )


class AllTables(migrations.SeparateDatabaseAndState):
    """The operations below, without rendering every model after each: they are said first, and then every table is made as it ends up."""

    def __init__(self, operations):
        super().__init__(state_operations=operations)

    def deconstruct(self):
        return self.__class__.__name__, [self.state_operations], {}

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for model in to_state.apps.get_app_config(app_label).get_models():
            schema_editor.create_model(model)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for model in from_state.apps.get_app_config(app_label).get_models():
            schema_editor.delete_model(model)


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('rugui', '0001_house'),
        ('rugui', '0002_installation'),
        ('rugui', '0003_password_key_kind'),
        ('rugui', '0004_rights_changed_lately'),
        ('rugui', '0005_import_trials_and_reason_codes'),
        ('rugui', '0006_held_line_ups'),
        ('rugui', '0007_fewer_checks_a_row'),
        ('rugui', '0008_notes_are_claims'),
        ('rugui', '0009_words_of_messages_in_cases'),
        ('rugui', '0010_merged_cards_and_pairs'),
        ('rugui', '0011_references_proved_by_the_statement'),
        ('rugui', '0012_keys_of_names'),
        ('rugui', '0013_second_step_reset'),
        ('rugui', '0014_false_link_rate'),
        ('rugui', '0015_erasures'),
        ('rugui', '0016_lines_of_phones'),
        ('rugui', '0017_remedies_and_trust'),
        ('rugui', '0018_recovery_whole'),
        ('rugui', '0019_promise_policies'),
        ('rugui', '0020_the_extra_has_its_step'),
        ('rugui', '0021_keys_without_their_pairs'),
        ('rugui', '0022_promises_kept_and_appointments_begun'),
        ('rugui', '0023_words_of_the_house'),
        ('rugui', '0024_what_is_held_and_how_long'),
        ('rugui', '0025_calls_and_surprises_in_time'),
        ('rugui', '0026_incidents'),
        ('rugui', '0027_practice'),
        ('rugui', '0028_what_is_heard'),
        ('rugui', '0029_not_to_be_disturbed'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        AllTables([
        migrations.CreateModel(
            name='Touch',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('in_person', 'In person'), ('phone', 'Phone'), ('email', 'E-mail'), ('chat', 'Chat'), ('web', 'Web'), ('review', 'Review')], max_length=10)),
                ('direction', models.CharField(choices=[('in', 'from them'), ('out', 'from us')], max_length=3)),
                ('text', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('waiting', models.BooleanField(default=False)),
                ('external_id', models.CharField(blank=True, db_collation='C', max_length=120, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('titles', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('found', 'nobody told yet'), ('told', 'being put right'), ('solved', 'put right'), ('closed', 'closed together')], default='found', max_length=6)),
                ('began_at', models.DateTimeField()),
                ('until_at', models.DateTimeField()),
                ('who', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('here', 'was here then'), ('expected', 'is expected then'), ('bought', 'bought then'), ('wrote', 'wrote about it'), ('added', 'added by hand')], max_length=8), size=None)),
                ('words', models.CharField(blank=True, default='', max_length=200)),
                ('note', models.TextField(blank=True, default='')),
                ('opened_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('solved_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('trade', models.CharField(choices=[('hotel', 'Hotel'), ('restaurant', 'Restaurant'), ('shop', 'Shop'), ('salon', 'Salon'), ('clinic', 'Clinic'), ('webshop', 'Webshop'), ('agency', 'Agency')], default='hotel', max_length=12)),
                ('customer_word', models.CharField(choices=[('customer', 'Customer'), ('guest', 'Guest'), ('client', 'Client'), ('patient', 'Patient')], default='customer', max_length=10)),
                ('currency', models.CharField(default='EUR', max_length=3)),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hant', '繁體中文'), ('zh-hans', '简体中文')], default='en', max_length=10)),
                ('merge_automatically', models.BooleanField(db_default=False, default=False)),
                ('false_link_rate', models.FloatField(db_default=0.001, default=0.001)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('timezone', models.CharField(default='UTC', max_length=64, validators=[rugui.house.models._known_zone])),
                ('region', models.CharField(default='US', max_length=2)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='Staff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254)),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hant', '繁體中文'), ('zh-hans', '简体中文')], default='en', max_length=10)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('second_step_reset_at', models.DateTimeField(editable=False, null=True)),
                ('second_step_reset_by', models.CharField(db_default='', default='', editable=False, max_length=80)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
        ),
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('address_as', models.CharField(blank=True, max_length=120)),
                ('language', models.CharField(blank=True, choices=[('', ''), ('en', 'English'), ('zh-hant', '繁體中文'), ('zh-hans', '简体中文')], default='', max_length=10)),
                ('external_id', models.CharField(blank=True, db_collation='C', max_length=120, null=True)),
                ('pronunciation', models.CharField(blank=True, db_default='', default='', max_length=120)),
                ('languages', models.CharField(blank=True, db_default='', default='', max_length=120)),
                ('quiet', models.CharField(blank=True, db_default='', default='', max_length=10)),
                ('created_at', models.DateTimeField()),
                ('merged_into', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='merged_cards', to='rugui.customer')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='HeardMessage',
            fields=[
                ('touch', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='heard', serialize=False, to='rugui.touch')),
                ('language', models.CharField(blank=True, max_length=8)),
                ('acts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), default=list, size=None)),
                ('elements', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), default=list, size=None)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('mood', models.CharField(blank=True, max_length=16)),
                ('urgency', models.CharField(blank=True, max_length=16)),
                ('chances', models.JSONField(default=dict)),
                ('found', models.JSONField(default=list)),
                ('ear', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='touch',
            name='customer',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='touches', to='rugui.customer'),
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hant', '繁體中文'), ('zh-hans', '简体中文')], default='en', max_length=10)),
                ('state', models.CharField(choices=[('open', 'open'), ('solved', 'solved'), ('closed', 'closed')], default='open', max_length=6)),
                ('opened_at', models.DateTimeField()),
                ('solved_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('wanted', models.TextField(blank=True, db_default='', default='')),
                ('injustice', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('outcome', 'What they got'), ('process', 'How it went'), ('treatment', 'How they were treated')], max_length=9), db_default=[], default=list, size=None)),
                ('kind', models.CharField(blank=True, choices=[('mistake', 'A mistake'), ('rework', 'Done twice'), ('breakdown', 'A breakdown'), ('inefficiency', 'Effort wasted'), ('variation', 'Not the same each time')], db_default='', default='', max_length=12)),
                ('element', models.CharField(blank=True, choices=[('product', 'Product'), ('people', 'People'), ('time', 'Time'), ('problem_solving', 'Problem-solving')], default='', max_length=15)),
                ('failure', models.CharField(blank=True, max_length=120)),
                ('where', models.CharField(blank=True, max_length=120)),
                ('stage', models.CharField(blank=True, db_default='', default='', max_length=120)),
                ('cause', models.TextField(blank=True)),
                ('lesson', models.TextField(blank=True)),
                ('documented_at', models.DateTimeField(null=True)),
                ('shared_at', models.DateTimeField(null=True)),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='rugui.customer')),
                ('touch', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='rugui.touch')),
                ('incident', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='rugui.incident')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place')),
            ],
        ),
        migrations.CreateModel(
            name='IncidentTask',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('tell', 'telling them'), ('give', 'giving it to them'), ('report', 'reporting to them'), ('solve', 'saying that it is right again'), ('close', 'closing their cases')], max_length=6)),
                ('state', models.CharField(choices=[('running', 'going on'), ('stopped', 'stopped'), ('done', 'done')], default='running', max_length=7)),
                ('texts', models.JSONField(default=dict)),
                ('next_at', models.DateTimeField(null=True)),
                ('findings', models.JSONField(default=dict)),
                ('of', models.PositiveIntegerField()),
                ('done', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('asked_at', models.DateTimeField()),
                ('beat_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='rugui.incident')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='Installation',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('id_key', models.BinaryField(max_length=32)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='installation_is_one')],
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('month', models.DateField()),
                ('case_number', models.BigIntegerField()),
                ('leave_number', models.BigIntegerField(null=True)),
                ('currency', models.CharField(max_length=3)),
                ('paid_amount', models.BigIntegerField(null=True)),
                ('paid_currency', models.CharField(blank=True, default='', max_length=3)),
                ('rate', models.DecimalField(decimal_places=10, max_digits=20, null=True)),
                ('transaction', models.BigIntegerField(db_default=models.Func(output_field=models.BigIntegerField(), template='(pg_current_xact_id()::text::bigint)'))),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='rugui.ledgerentry')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place')),
            ],
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(choices=[('looked', 'somebody compared the cards'), ('told', 'they told us so'), ('certain', 'as good as certain')], max_length=7)),
                ('filled', models.JSONField(default=dict)),
                ('newest', models.JSONField(default=dict)),
                ('moved', models.JSONField(default=dict)),
                ('undone_at', models.DateTimeField(null=True)),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='merges_away', to='rugui.customer')),
                ('survivor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='merges_in', to='rugui.customer')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.AddField(
            model_name='touch',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization'),
        ),
        migrations.CreateModel(
            name='NameWord',
            fields=[
                ('h', models.BigIntegerField(primary_key=True, serialize=False)),
                ('word', models.CharField(db_collation='C', max_length=40)),
                ('people', models.IntegerField(default=1)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='NameSlip',
            fields=[
                ('pk', models.CompositePrimaryKey('h', 'word_h', blank=True, editable=False, primary_key=True, serialize=False)),
                ('h', models.BigIntegerField()),
                ('word_h', models.BigIntegerField()),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='NameKey',
            fields=[
                ('pk', models.CompositePrimaryKey('h', 'customer', blank=True, editable=False, primary_key=True, serialize=False)),
                ('h', models.BigIntegerField()),
                ('customer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='name_keys', to='rugui.customer')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='MovedRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('table', models.CharField(db_collation='C', max_length=40)),
                ('row_id', models.BigIntegerField()),
                ('parked', models.JSONField(null=True)),
                ('blocked_home', models.BigIntegerField(null=True)),
                ('home', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moved_rows', to='rugui.customer')),
                ('merge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='rugui.merge')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='Key',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hash', models.BinaryField(max_length=32)),
                ('kind', models.CharField(choices=[('api', 'Api'), ('invitation', 'Invitation'), ('password', 'Password'), ('case', 'Case'), ('own', 'Own')], max_length=12)),
                ('subject_id', models.BigIntegerField()),
                ('scopes', models.JSONField(default=list)),
                ('label', models.CharField(blank=True, max_length=80)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.AddField(
            model_name='incident',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization'),
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('phone', 'Phone'), ('email', 'E-mail'), ('handle', 'Handle'), ('card', 'Card number')], max_length=8)),
                ('value', models.CharField(max_length=200)),
                ('normal', models.CharField(db_collation='C', max_length=200)),
                ('tail', rugui.know.models.Tail(db_collation='C', editable=False, max_length=200)),
                ('created_at', models.DateTimeField()),
                ('customer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='rugui.customer')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='IdempotentReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200)),
                ('request_hash', models.BinaryField(max_length=32)),
                ('status', models.SmallIntegerField(null=True)),
                ('body', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('token', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.key')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='Hit',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('listed', 'on the list'), ('left_out', 'left out'), ('told', 'told')], default='listed', max_length=8)),
                ('found', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('here', 'was here then'), ('expected', 'is expected then'), ('bought', 'bought then'), ('wrote', 'wrote about it'), ('added', 'added by hand')], max_length=8), size=None)),
                ('about', models.CharField(blank=True, default='', max_length=200)),
                ('hurt', models.PositiveSmallIntegerField()),
                ('loyal', models.PositiveIntegerField(default=0)),
                ('told_at', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, default='', max_length=200)),
                ('case', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.case')),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.customer')),
                ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='hits', to='rugui.incident')),
                ('task', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.incidenttask')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='HalfLife',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('topic', models.CharField(db_collation='C', max_length=40)),
                ('days', models.FloatField()),
                ('low', models.FloatField()),
                ('high', models.FloatField()),
                ('checks', models.PositiveIntegerField()),
                ('learned_at', models.DateTimeField()),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='CoachTally',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('rule', models.CharField(max_length=120)),
                ('day', models.DateField()),
                ('kind', models.CharField(choices=[('shown', 'marked'), ('left', 'sent as it was'), ('taken', 'better words taken'), ('dismissed', 'not here'), ('meaning', 'the words mean something else here'), ('fits', 'it is right to say it here'), ('theirs', 'they are not our words')], max_length=9)),
                ('count', models.PositiveIntegerField(default=0)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='Clearing',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('gone', models.JSONField(default=dict)),
                ('held', models.JSONField(default=dict)),
                ('unused', models.JSONField(default=dict)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='ClaimCheck',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('topic', models.CharField(db_collation='C', max_length=40)),
                ('held', models.BooleanField()),
                ('days', models.FloatField()),
                ('at', models.DateTimeField()),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.AddField(
            model_name='touch',
            name='place',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place'),
        ),
        migrations.CreateModel(
            name='OpeningHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.SmallIntegerField()),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hours', to='rugui.place')),
            ],
        ),
        migrations.CreateModel(
            name='MarginRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('percent', models.DecimalField(decimal_places=1, max_digits=4)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.place')),
            ],
        ),
        migrations.AddField(
            model_name='incident',
            name='place',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place'),
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('subject', models.CharField(choices=[('customers', 'Customers'), ('purchases', 'Purchases'), ('visits', 'Visits'), ('notes', 'Notes'), ('touches', 'Touches')], max_length=10)),
                ('state', models.CharField(choices=[('ready', 'Ready'), ('trying', 'Trying'), ('running', 'Running'), ('stopped', 'Stopped'), ('done', 'Done'), ('failed', 'Failed')], default='ready', max_length=8)),
                ('file_name', models.CharField(max_length=255)),
                ('file_path', models.CharField(max_length=500)),
                ('file_hash', models.CharField(max_length=64)),
                ('size', models.BigIntegerField()),
                ('settings', models.JSONField(default=dict)),
                ('position', models.BigIntegerField(default=0)),
                ('line', models.BigIntegerField(default=0)),
                ('newest_before', models.BigIntegerField(default=0)),
                ('trial', models.JSONField(default=dict)),
                ('rows_read', models.BigIntegerField(default=0)),
                ('rows_new', models.BigIntegerField(default=0)),
                ('rows_changed', models.BigIntegerField(default=0)),
                ('rows_same', models.BigIntegerField(default=0)),
                ('rows_rejected', models.BigIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('beat_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place')),
            ],
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('answer', 'Answer'), ('next_answer', 'Next answer'), ('progress', 'Progress report'), ('solution', 'Solution'), ('call_back', 'Call back'), ('delivery', 'Delivery'), ('follow_up', 'Follow up'), ('leave', 'Leave asked'), ('story', 'The story'), ('ready_by', 'Ready by'), ('other', 'Promise')], default='other', max_length=12)),
                ('text', models.CharField(blank=True, max_length=300)),
                ('made_at', models.DateTimeField()),
                ('warn_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'running'), ('kept', 'kept'), ('renegotiated', 'renegotiated'), ('withdrawn', 'withdrawn'), ('broken', 'broken')], default='open', max_length=12)),
                ('settled_at', models.DateTimeField(null=True)),
                ('ring_at', models.DateTimeField(null=True)),
                ('channel', models.CharField(blank=True, db_default='', default='', max_length=10)),
                ('priority', models.CharField(choices=[('normal', 'ordinary'), ('urgent', 'urgent')], db_default='normal', default='normal', max_length=6)),
                ('load', models.PositiveSmallIntegerField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('not_before', models.DateTimeField(null=True)),
                ('counts', models.CharField(choices=[('wall', 'around the clock'), ('working', 'while the place is open')], db_default='wall', default='wall', max_length=7)),
                ('may_pause', models.BooleanField(db_default=False, default=False)),
                ('paused_at', models.DateTimeField(null=True)),
                ('waits_for', models.CharField(blank=True, choices=[('answer', 'their answer to a question'), ('thing', 'something that they send or bring'), ('time', 'a time at which they can be reached')], db_default='', default='', max_length=6)),
                ('renew_minutes', models.PositiveIntegerField(null=True)),
                ('warn_more', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), db_default=[], default=list, size=None)),
                ('warn_to', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), db_default=['owner'], default=rugui.promise.models.warned, size=None)),
                ('due_to', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), db_default=['owner', 'leaders'], default=rugui.promise.models.told, size=None)),
                ('rise_at', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), db_default=[], default=list, size=None)),
                ('rise_to', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), db_default=[], default=list, size=None)),
                ('rank', models.GeneratedField(db_persist=True, expression=models.Case(models.When(ring_at__lt=models.F('due_at'), then=models.Value(2)), models.When(models.Q(('priority', 'urgent'), django.db.models.lookups.LessThanOrEqual(django.db.models.expressions.CombinedExpression(models.F('due_at'), '-', models.F('made_at')), datetime.timedelta(seconds=3600)), _connector='OR'), then=models.Value(0)), default=models.Value(1)), output_field=models.SmallIntegerField())),
                ('case', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='rugui.case')),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='rugui.customer')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place')),
                ('renews', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='renewed_by', to='rugui.promise')),
                ('touch', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='promises', to='rugui.touch')),
            ],
        ),
        migrations.CreateModel(
            name='PromisePolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('answer', 'Answer'), ('next_answer', 'Next answer'), ('progress', 'Progress report'), ('solution', 'Solution'), ('call_back', 'Call back'), ('delivery', 'Delivery'), ('follow_up', 'Follow up'), ('ready_by', 'Ready by'), ('other', 'Promise')], max_length=12)),
                ('channel', models.CharField(blank=True, default='', max_length=10)),
                ('priority', models.CharField(blank=True, default='', max_length=6)),
                ('counts', models.CharField(choices=[('wall', 'around the clock'), ('working', 'while the place is open')], default='wall', max_length=7)),
                ('minutes', models.PositiveIntegerField()),
                ('marks', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                ('not_before', models.PositiveIntegerField(null=True)),
                ('may_pause', models.BooleanField(default=False)),
                ('renew_minutes', models.PositiveIntegerField(null=True)),
                ('warn_to', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('owner', 'whoever sees to it'), ('stand_in', "the customer's contact person or deputy"), ('duty', 'everybody on duty'), ('leaders', 'the managers on duty'), ('all_leaders', 'all managers, on duty or not')], max_length=12), default=list, size=None)),
                ('due_to', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('owner', 'whoever sees to it'), ('stand_in', "the customer's contact person or deputy"), ('duty', 'everybody on duty'), ('leaders', 'the managers on duty'), ('all_leaders', 'all managers, on duty or not')], max_length=12), default=list, size=None)),
                ('rise_after', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), default=list, size=None)),
                ('rise_to', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('owner', 'whoever sees to it'), ('stand_in', "the customer's contact person or deputy"), ('duty', 'everybody on duty'), ('leaders', 'the managers on duty'), ('all_leaders', 'all managers, on duty or not')], max_length=12), default=list, size=None)),
                ('tells', models.CharField(choices=[('nothing', 'nothing'), ('due', 'the time that we promise ourselves'), ('beaten', 'a time that we nearly always beat')], default='nothing', max_length=7)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.place')),
            ],
        ),
        migrations.CreateModel(
            name='Purchase',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('purchase', 'Purchase'), ('refund', 'Refund')], default='purchase', max_length=8)),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('about', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('external_id', models.CharField(blank=True, db_collation='C', max_length=120, null=True)),
                ('customer', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='purchases', to='rugui.customer')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place')),
                ('refund_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='rugui.purchase')),
            ],
        ),
        migrations.CreateModel(
            name='HeldCharge',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('held', 'held'), ('waived', 'waived'), ('stands', 'stands')], default='held', max_length=6)),
                ('held_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='charges', to='rugui.case')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('purchase', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='held', to='rugui.purchase')),
                ('refund', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.purchase')),
            ],
        ),
        migrations.CreateModel(
            name='RejectedRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('line', models.BigIntegerField()),
                ('cells', models.JSONField()),
                ('field', models.CharField(blank=True, max_length=60)),
                ('code', models.CharField(max_length=30)),
                ('values', models.JSONField(default=dict)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rejected', to='rugui.importrun')),
            ],
        ),
        migrations.CreateModel(
            name='Remedy',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('names', models.JSONField(default=dict)),
                ('part', models.CharField(choices=[('due', 'What was due'), ('extra', 'The extra')], max_length=6)),
                ('form', models.CharField(choices=[('redo', 'Done again, right'), ('refund', 'Money back'), ('credit', 'Credit for next time'), ('upgrade', 'Something better'), ('gift', 'A gift'), ('treat', 'Food or drink'), ('service', 'A service'), ('personal', 'A personal gesture')], max_length=8)),
                ('cost', models.BigIntegerField()),
                ('value', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('lead_minutes', models.PositiveIntegerField(default=0)),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('manager', 'Manager'), ('staff', 'Staff'), ('analyst', 'Analyst')], default='staff', max_length=8)),
                ('elements', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('product', 'Product'), ('people', 'People'), ('time', 'Time'), ('problem_solving', 'Problem-solving')], max_length=15), blank=True, default=list, size=None)),
                ('injustices', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('outcome', 'What they got'), ('process', 'How it went'), ('treatment', 'How they were treated')], max_length=9), blank=True, default=list, size=None)),
                ('failures', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None)),
                ('contents', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.place')),
            ],
        ),
        migrations.AddField(
            model_name='incidenttask',
            name='remedy',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.remedy'),
        ),
        migrations.CreateModel(
            name='Ring',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('warn', 'soon due'), ('due', 'broken'), ('rise', 'still not settled')], max_length=4)),
                ('step', models.SmallIntegerField(db_default=0, default=0)),
                ('at', models.DateTimeField()),
                ('told', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('promise', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rings', to='rugui.promise')),
            ],
        ),
        migrations.CreateModel(
            name='SeniorityRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('injury', 'Somebody was hurt or fell ill'), ('discrimination', 'Discrimination or harassment'), ('media', 'The press or a public post'), ('money', 'A large sum'), ('minor', 'A child is concerned'), ('legal', 'A legal threat')], max_length=14)),
                ('level', models.CharField(choices=[('nobody', 'nobody: whoever hears it keeps it'), ('manager', 'the managers of the place'), ('owner', 'the owners')], max_length=7)),
                ('over', models.BigIntegerField(null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='SpecialDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField()),
                ('name', models.CharField(max_length=80)),
                ('opens', models.TimeField(blank=True, null=True)),
                ('closes', models.TimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='special_days', to='rugui.place')),
            ],
        ),
        migrations.AddField(
            model_name='touch',
            name='staff',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff'),
        ),
        migrations.AddField(
            model_name='staff',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='staff', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='SilencedRule',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('rule', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('staff', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.AddField(
            model_name='promise',
            name='deputy',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff'),
        ),
        migrations.AddField(
            model_name='promise',
            name='owner',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff'),
        ),
        migrations.CreateModel(
            name='Practice',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('scenario', models.CharField(max_length=40)),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hant', '繁體中文'), ('zh-hans', '简体中文')], max_length=10)),
                ('state', models.CharField(choices=[('talking', 'going on'), ('writing', 'to be written down'), ('ended', 'done')], default='talking', max_length=8)),
                ('turns', models.JSONField(default=list)),
                ('count', models.PositiveSmallIntegerField(default=0)),
                ('standing', models.JSONField(default=dict)),
                ('failure', models.TextField(blank=True, default='')),
                ('lesson', models.TextField(blank=True, default='')),
                ('points', models.PositiveSmallIntegerField(null=True)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('shared_at', models.DateTimeField(null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('staff', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.AddField(
            model_name='merge',
            name='staff',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff'),
        ),
        migrations.AddField(
            model_name='merge',
            name='undone_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff'),
        ),
        migrations.CreateModel(
            name='LexiconVersion',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('rules', models.JSONField(default=dict)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField()),
                ('restores', models.PositiveIntegerField(null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='LexiconProposal',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('approved', 'in use'), ('declined', 'declined'), ('withdrawn', 'withdrawn')], default='proposed', max_length=9)),
                ('changes', models.JSONField(default=list)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
                ('proposed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='LessonRead',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('heard', models.BooleanField(default=False)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='readers', to='rugui.case')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('staff', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='LedgerLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('account', models.CharField(choices=[('due', 'What was due'), ('extra', 'The extra'), ('charge', 'Charges waived'), ('allowance', 'Spent on trust'), ('house', 'Spent with leave')], max_length=9)),
                ('amount', models.BigIntegerField()),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='rugui.ledgerentry')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('staff', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='staff',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.staff'),
        ),
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('part', models.CharField(choices=[('due', 'What was due'), ('extra', 'The extra'), ('charge', 'A charge waived')], max_length=6)),
                ('name', models.CharField(max_length=200)),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('paid_amount', models.BigIntegerField(null=True)),
                ('paid_currency', models.CharField(blank=True, default='', max_length=3)),
                ('rate', models.DecimalField(decimal_places=10, max_digits=20, null=True)),
                ('state', models.CharField(choices=[('asked', 'asked'), ('granted', 'granted'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='asked', max_length=9)),
                ('asked_at', models.DateTimeField()),
                ('decides_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='leaves', to='rugui.case')),
                ('charge', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.heldcharge')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place')),
                ('promise', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.promise')),
                ('remedy', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.remedy')),
                ('asked_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.staff')),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='Keeping',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12)),
                ('basis', models.CharField(choices=[('contract', 'to do what they asked us for'), ('consent', 'they have allowed it'), ('legal', 'the law asks for it'), ('interest', 'our interest in serving them well, weighed against theirs')], max_length=8)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('months', models.PositiveSmallIntegerField(null=True)),
                ('decided_at', models.DateTimeField()),
                ('begins_at', models.DateTimeField()),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('transaction', models.BigIntegerField(db_default=models.Func(output_field=models.BigIntegerField(), template='(pg_current_xact_id()::text::bigint)'))),
                ('kind', models.CharField(max_length=40)),
                ('who', models.CharField(choices=[('staff', 'Staff'), ('customer', 'Customer'), ('clock', 'Clock'), ('import', 'Import'), ('system', 'System')], max_length=10)),
                ('customer_id', models.BigIntegerField(null=True)),
                ('case_id', models.BigIntegerField(null=True)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('payload', models.JSONField(default=dict)),
                ('version', models.SmallIntegerField(default=1)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place')),
                ('staff', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('name', models.CharField(max_length=80)),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('manager', 'Manager'), ('staff', 'Staff'), ('analyst', 'Analyst')], max_length=8)),
                ('created_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.place')),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.staff')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='incidenttask',
            name='by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.staff'),
        ),
        migrations.CreateModel(
            name='IncidentStatement',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('texts', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='statements', to='rugui.incident')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.AddField(
            model_name='incident',
            name='opened_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff'),
        ),
        migrations.AddField(
            model_name='importrun',
            name='staff',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff'),
        ),
        migrations.CreateModel(
            name='HouseTopic',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40)),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.AddField(
            model_name='heldcharge',
            name='decided_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff'),
        ),
        migrations.CreateModel(
            name='HearingCorrection',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('what', models.CharField(max_length=32)),
                ('answer', models.CharField(max_length=16)),
                ('made_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('touch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.touch')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
                ('withdrawn_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('asked', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('by_rule', models.BooleanField(default=False)),
                ('note', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('accepted', 'accepted'), ('declined', 'declined'), ('returned', 'came back'), ('withdrawn', 'withdrawn')], default='waiting', max_length=9)),
                ('ended_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='hand_overs', to='rugui.case')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place')),
                ('asked_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
                ('ended_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='Given',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('part', models.CharField(choices=[('due', 'What was due'), ('extra', 'The extra'), ('charge', 'A charge waived')], max_length=6)),
                ('form', models.CharField(blank=True, choices=[('redo', 'Done again, right'), ('refund', 'Money back'), ('credit', 'Credit for next time'), ('upgrade', 'Something better'), ('gift', 'A gift'), ('treat', 'Food or drink'), ('service', 'A service'), ('personal', 'A personal gesture')], default='', max_length=8)),
                ('name', models.CharField(max_length=200)),
                ('cost', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('at', models.DateTimeField()),
                ('chosen', models.BooleanField(default=False)),
                ('undone_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('delighted', 'delighted'), ('fine', 'fine'), ('uneasy', 'uneasy'), ('declined', 'declined')], default='', max_length=9)),
                ('story', models.TextField(blank=True, default='')),
                ('told_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='given', to='rugui.case')),
                ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='given', to='rugui.ledgerentry')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('promise', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.promise')),
                ('remedy', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='given', to='rugui.remedy')),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('customer_id', models.BigIntegerField()),
                ('asked_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('at', models.DateTimeField(null=True)),
                ('counts', models.JSONField(default=dict)),
                ('digest', models.CharField(blank=True, default='', max_length=64)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('staff', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='rugui.place')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='DuplicateSearch',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('stopped', 'stopped'), ('done', 'done'), ('failed', 'failed')], default='waiting', max_length=7)),
                ('stage', models.CharField(choices=[('reading', 'reading the cards'), ('comparing', 'comparing them'), ('learning', 'learning what counts'), ('writing', 'writing down what was found')], default='reading', max_length=9)),
                ('cards', models.BigIntegerField(default=0)),
                ('pairs', models.BigIntegerField(default=0)),
                ('merged', models.BigIntegerField(default=0)),
                ('started_at', models.DateTimeField()),
                ('beat_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('staff', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.AddField(
            model_name='customer',
            name='contact_person',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff'),
        ),
        migrations.AddField(
            model_name='customer',
            name='deputy',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff'),
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('sensitive', models.CharField(choices=[('health', 'Health'), ('religion', 'Faith'), ('minors', 'Children'), ('money', 'Money'), ('intimate', 'Intimate life')], max_length=10)),
                ('wording', models.TextField()),
                ('language', models.CharField(max_length=35)),
                ('how', models.CharField(choices=[('spoken', 'said so to us'), ('phone', 'said so on the telephone'), ('written', 'in writing'), ('online', 'on our pages')], max_length=8)),
                ('given_by', models.CharField(blank=True, max_length=120)),
                ('given_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='rugui.customer')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('staff', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='CaseTalk',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='talk', to='rugui.case')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('staff', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='CaseStep',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('step', models.CharField(choices=[('apologise', 'Apologise'), ('review', 'Review together'), ('fix', 'Fix and report'), ('delight', 'The extra'), ('document', 'Document'), ('share', 'Share'), ('follow_up', 'Follow up')], max_length=10)),
                ('done_at', models.DateTimeField()),
                ('skipped', models.BooleanField(db_default=False, default=False)),
                ('text', models.TextField(blank=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='rugui.case')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('done_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='CaseMessage',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('complaint', 'What happened'), ('understood', 'What we understood'), ('apology', 'Apology'), ('report', 'Progress report'), ('solution', 'Solution'), ('message', 'Message'), ('choice', 'Their choice'), ('not_solved', 'Not solved'), ('person', 'A person, please')], max_length=10)),
                ('direction', models.CharField(choices=[('in', 'from them'), ('out', 'from us')], max_length=3)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('signed', models.CharField(blank=True, max_length=80)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='rugui.case')),
                ('touch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.touch')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('staff', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='CaseChoice',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('offer', models.PositiveSmallIntegerField()),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=300)),
                ('reference', models.CharField(blank=True, db_default='', default='', max_length=120)),
                ('offered_at', models.DateTimeField()),
                ('chosen_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='choices', to='rugui.case')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('offered_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='CaseAlarm',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('injury', 'Somebody was hurt or fell ill'), ('discrimination', 'Discrimination or harassment'), ('media', 'The press or a public post'), ('money', 'A large sum'), ('minor', 'A child is concerned'), ('legal', 'A legal threat')], max_length=14)),
                ('source', models.CharField(choices=[('words', 'from words'), ('tap', 'said by a colleague'), ('document', 'from the document')], max_length=8)),
                ('certainty', models.FloatField(null=True)),
                ('words', models.CharField(blank=True, max_length=120)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('confirmed', 'confirmed'), ('dismissed', 'dismissed')], max_length=9)),
                ('at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='alarms', to='rugui.case')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.AddField(
            model_name='case',
            name='owner',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff'),
        ),
        migrations.CreateModel(
            name='CardPair',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('suggested', 'perhaps the same'), ('later', 'to look at later'), ('distinct', 'not the same')], max_length=9)),
                ('probability', models.FloatField(null=True)),
                ('gain', models.FloatField(default=0)),
                ('reasons', models.JSONField(default=list)),
                ('suggested_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('high', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.customer')),
                ('low', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.customer')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('external_id', models.CharField(db_collation='C', max_length=120)),
                ('number', models.CharField(blank=True, max_length=40)),
                ('likely', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('ringing', 'rings'), ('answered', 'answered'), ('ended', 'ended'), ('missed', 'missed')], default='ringing', max_length=8)),
                ('rang_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('seen_to_at', models.DateTimeField(null=True)),
                ('customer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='rugui.customer')),
                ('touch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.touch')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place')),
                ('staff', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('manager', 'Manager'), ('staff', 'Staff'), ('analyst', 'Analyst')], max_length=8)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.place')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='Surprise',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('gesture', models.TextField()),
                ('topics', models.JSONField(default=list)),
                ('audience', models.CharField(choices=[('alone', 'nobody else'), ('company', 'the people with them'), ('public', 'strangers too')], max_length=8)),
                ('others', models.JSONField(default=list)),
                ('planned_on', models.DateField()),
                ('state', models.CharField(choices=[('clear', 'nothing speaks against it'), ('waiting', 'waits for a second person'), ('approved', 'approved'), ('declined', 'not to be done'), ('dropped', 'dropped'), ('lapsed', 'nobody looked at it in time')], max_length=8)),
                ('reasons', models.CharField(max_length=32)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('answer_by', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('', ''), ('delighted', 'delighted'), ('fine', 'fine'), ('uneasy', 'uneasy')], default='', max_length=9)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='surprises', to='rugui.customer')),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place')),
                ('proposed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='TakenLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.UUIDField()),
                ('phone', models.UUIDField()),
                ('sequence', models.PositiveIntegerField()),
                ('said_at', models.DateTimeField()),
                ('taken_at', models.DateTimeField()),
                ('notes', models.JSONField(default=list)),
                ('asks', models.JSONField(default=list)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('staff', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='TrustCase',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('case_number', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('spent', models.BigIntegerField()),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='TrustLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('manager', 'Manager'), ('staff', 'Staff'), ('analyst', 'Analyst')], max_length=8)),
                ('per_case', models.BigIntegerField(blank=True, null=True)),
                ('per_month', models.BigIntegerField(blank=True, null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='TrustMonth',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('spent', models.BigIntegerField()),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('staff', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.staff')),
            ],
        ),
        migrations.CreateModel(
            name='TrustRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ask_minutes', models.PositiveSmallIntegerField(default=10)),
                ('ceiling', models.BigIntegerField(blank=True, null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('booking', 'Booking'), ('order', 'Order'), ('appointment', 'Appointment')], default='booking', max_length=12)),
                ('state', models.CharField(choices=[('expected', 'expected'), ('arrived', 'here'), ('left', 'left'), ('missed', 'did not come'), ('cancelled', 'cancelled')], default='expected', max_length=10)),
                ('about', models.CharField(blank=True, max_length=200)),
                ('expected_at', models.DateTimeField()),
                ('expected_until', models.DateTimeField(null=True)),
                ('arrived_at', models.DateTimeField(null=True)),
                ('begun_at', models.DateTimeField(null=True)),
                ('delay_told_at', models.DateTimeField(null=True)),
                ('left_at', models.DateTimeField(null=True)),
                ('external_id', models.CharField(blank=True, db_collation='C', max_length=120, null=True)),
                ('created_at', models.DateTimeField()),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='rugui.customer')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.place')),
            ],
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('need', 'Need'), ('preference', 'Preference'), ('goal', 'Goal'), ('person', 'Person'), ('date', 'Date'), ('wish', 'Wish'), ('mood', 'Mood'), ('fact', 'Fact')], default='fact', max_length=10)),
                ('text', models.TextField()),
                ('source', models.CharField(choices=[('said', 'said so'), ('seen', 'seen'), ('bought', 'bought'), ('inferred', 'inferred'), ('imported', 'imported'), ('acquired', 'bought-in data')], default='said', max_length=8)),
                ('learned_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('external_id', models.CharField(blank=True, db_collation='C', max_length=120, null=True)),
                ('topic', models.CharField(blank=True, db_collation='C', db_default='', default='', max_length=40)),
                ('value', models.CharField(blank=True, db_default='', default='', max_length=80)),
                ('polarity', models.SmallIntegerField(choices=[(-1, 'does not want it'), (0, 'neither'), (1, 'wants it')], db_default=0, default=0)),
                ('standing', models.BooleanField(db_default=True, default=True)),
                ('discretion', models.CharField(choices=[('open', 'may be mentioned'), ('quiet', 'do it, do not say it'), ('keeper', 'for its keeper only')], db_default='open', default='open', max_length=6)),
                ('sensitive', models.CharField(blank=True, choices=[('', ''), ('health', 'Health'), ('religion', 'Faith'), ('minors', 'Children'), ('money', 'Money'), ('intimate', 'Intimate life')], db_default='', default='', max_length=10)),
                ('purpose', models.CharField(choices=[('service', 'to serve them well'), ('safety', 'to keep them from harm'), ('contact', 'to stay in touch'), ('legal', 'because the law asks for it')], db_default='service', default='service', max_length=8)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('confirmations', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('happens_on', models.CharField(blank=True, db_collation='C', db_default='', default='', max_length=10)),
                ('happens_lunar', models.BooleanField(db_default=False, default=False)),
                ('person', models.CharField(blank=True, db_default='', default='', max_length=120)),
                ('relation', models.CharField(blank=True, choices=[('', ''), ('partner', 'partner'), ('former', 'former partner'), ('child', 'child'), ('parent', 'parent'), ('relative', 'relative'), ('friend', 'friend'), ('colleague', 'colleague'), ('pet', 'pet'), ('other', 'somebody else')], db_default='', default='', max_length=9)),
                ('consent', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='rugui.consent')),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='rugui.customer')),
                ('struck_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='strikes', to='rugui.note')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
                ('place', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.place')),
                ('author', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
                ('visit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.visit')),
            ],
        ),
        migrations.CreateModel(
            name='Weighing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('injustice', models.CharField(blank=True, choices=[('outcome', 'What they got'), ('process', 'How it went'), ('treatment', 'How they were treated')], default='', max_length=9)),
                ('severity', models.PositiveSmallIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='rugui.staff')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='weighing', to='rugui.case')),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization')),
            ],
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email'),
        ),
        migrations.AddField(
            model_name='heardmessage',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rugui.organization'),
        ),
        migrations.AddConstraint(
            model_name='nameword',
            constraint=models.UniqueConstraint(fields=('organization', 'word'), name='name_word_once'),
        ),
        migrations.AddIndex(
            model_name='nameslip',
            index=models.Index(fields=['h'], name='name_slip'),
        ),
        migrations.AddIndex(
            model_name='namekey',
            index=models.Index(fields=['h'], name='name_key'),
        ),
        migrations.AddConstraint(
            model_name='movedrow',
            constraint=models.UniqueConstraint(fields=('organization', 'table', 'row_id'), name='moved_row_once'),
        ),
        migrations.AddConstraint(
            model_name='movedrow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('blocked_home__isnull', True), ('parked__isnull', True)), models.Q(('blocked_home__isnull', False), ('parked__isnull', False)), _connector='OR'), name='parked_rows_are_blocked'),
        ),
        migrations.AddIndex(
            model_name='key',
            index=models.Index(fields=['organization', 'kind', 'subject_id'], name='key_subject'),
        ),
        migrations.AddConstraint(
            model_name='key',
            constraint=models.UniqueConstraint(fields=('hash',), name='key_hash'),
        ),
        migrations.AddIndex(
            model_name='identity',
            index=models.Index(condition=models.Q(('tail', ''), _negated=True), fields=['organization', 'tail'], name='identity_tail'),
        ),
        migrations.AddConstraint(
            model_name='identity',
            constraint=models.UniqueConstraint(fields=('organization', 'normal', 'kind', 'customer'), name='identity_once'),
        ),
        migrations.AddConstraint(
            model_name='idempotentreply',
            constraint=models.UniqueConstraint(fields=('organization', 'token', 'key'), name='idempotent_once'),
        ),
        migrations.AddIndex(
            model_name='hit',
            index=models.Index(fields=['incident', '-hurt', '-loyal', 'id'], name='hit_order'),
        ),
        migrations.AddIndex(
            model_name='hit',
            index=models.Index(fields=['customer'], name='hit_customer'),
        ),
        migrations.AddConstraint(
            model_name='hit',
            constraint=models.UniqueConstraint(fields=('organization', 'incident', 'customer'), name='hit_once'),
        ),
        migrations.AddConstraint(
            model_name='hit',
            constraint=models.CheckConstraint(condition=models.Q(('hurt__range', (1, 3))), name='hurt_of_three'),
        ),
        migrations.AddConstraint(
            model_name='hit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'told'), _negated=True), ('told_at__isnull', False), _connector='OR'), name='hit_told_when'),
        ),
        migrations.AddConstraint(
            model_name='halflife',
            constraint=models.UniqueConstraint(fields=('organization', 'topic'), name='half_life_once'),
        ),
        migrations.AddConstraint(
            model_name='coachtally',
            constraint=models.UniqueConstraint(fields=('organization', 'rule', 'day', 'kind'), name='tally_once'),
        ),
        migrations.AddIndex(
            model_name='clearing',
            index=models.Index(fields=['organization', '-at'], name='clearing_latest'),
        ),
        migrations.AddIndex(
            model_name='claimcheck',
            index=models.Index(fields=['organization', 'topic'], name='claim_check_topic'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.UniqueConstraint(fields=('organization', 'name'), name='place_name'),
        ),
        migrations.AddConstraint(
            model_name='openinghours',
            constraint=models.CheckConstraint(condition=models.Q(('weekday__range', (0, 6))), name='weekday_range'),
        ),
        migrations.AddConstraint(
            model_name='openinghours',
            constraint=models.UniqueConstraint(fields=('organization', 'place', 'weekday', 'opens'), name='shift_once'),
        ),
        migrations.AddConstraint(
            model_name='marginrate',
            constraint=models.UniqueConstraint(fields=('organization', 'place'), name='margin_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='marginrate',
            constraint=models.CheckConstraint(condition=models.Q(('percent__gt', 0), ('percent__lte', 100)), name='margin_percent'),
        ),
        migrations.AddConstraint(
            model_name='promisepolicy',
            constraint=models.UniqueConstraint(fields=('organization', 'place', 'kind', 'channel', 'priority'), name='policy_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='promisepolicy',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 1)), name='policy_takes_time'),
        ),
        migrations.AddConstraint(
            model_name='promisepolicy',
            constraint=models.CheckConstraint(condition=models.Q(('rise_after__len', models.F('rise_to__len'))), name='each_step_tells'),
        ),
        migrations.AddIndex(
            model_name='purchase',
            index=models.Index(fields=['customer', '-at'], name='purchase_customer'),
        ),
        migrations.AddConstraint(
            model_name='purchase',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id__isnull', False)), fields=('organization', 'external_id'), name='purchase_external_id'),
        ),
        migrations.AddConstraint(
            model_name='purchase',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='purchase_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='purchase',
            constraint=models.CheckConstraint(condition=models.Q(('refund_of__isnull', True), ('kind', 'refund'), _connector='OR'), name='only_refunds_refund'),
        ),
        migrations.AddConstraint(
            model_name='rejectedrow',
            constraint=models.UniqueConstraint(fields=('organization', 'run', 'line'), name='rejected_once'),
        ),
        migrations.AddIndex(
            model_name='remedy',
            index=models.Index(condition=models.Q(('withdrawn_at', None)), fields=['organization', 'id'], name='remedy_standing'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(('cost__gte', 0), ('value__gte', 0)), name='remedy_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='remedy',
            constraint=models.CheckConstraint(condition=models.Q(('names', {}), _negated=True), name='remedy_has_name'),
        ),
        migrations.AddConstraint(
            model_name='ring',
            constraint=models.UniqueConstraint(fields=('organization', 'promise', 'kind', 'step'), name='ring_once'),
        ),
        migrations.AddConstraint(
            model_name='seniorityrule',
            constraint=models.UniqueConstraint(fields=('organization', 'kind'), name='seniority_rule_once'),
        ),
        migrations.AddConstraint(
            model_name='seniorityrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'money'), ('over__gte', 0), ('over__isnull', False)), models.Q(models.Q(('kind', 'money'), _negated=True), ('over__isnull', True)), _connector='OR'), name='seniority_rule_over'),
        ),
        migrations.AddConstraint(
            model_name='specialday',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closes__isnull', True), ('opens__isnull', True)), models.Q(('closes__isnull', False), ('opens__isnull', False)), _connector='OR'), name='special_day_both_or_none'),
        ),
        migrations.AddConstraint(
            model_name='specialday',
            constraint=models.UniqueConstraint(fields=('organization', 'place', 'date', 'opens'), name='special_shift_once', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='touch',
            index=models.Index(fields=['customer', '-at'], name='touch_customer'),
        ),
        migrations.AddIndex(
            model_name='touch',
            index=models.Index(condition=models.Q(('waiting', True)), fields=['organization', 'place', 'at'], name='touch_waiting'),
        ),
        migrations.AddConstraint(
            model_name='touch',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id__isnull', False)), fields=('organization', 'external_id'), name='touch_external_id'),
        ),
        migrations.AddConstraint(
            model_name='staff',
            constraint=models.UniqueConstraint(fields=('organization', 'user'), name='staff_once'),
        ),
        migrations.AddConstraint(
            model_name='silencedrule',
            constraint=models.UniqueConstraint(fields=('staff', 'rule'), name='silenced_once'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('ring_at__isnull', False)), fields=['rank', 'ring_at'], name='promise_ring'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['organization', 'place', 'due_at'], name='promise_running'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('kind__in', ['answer', 'next_answer'])), fields=['organization', 'place', '-made_at'], name='promise_answers'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('state', 'open'), _negated=True), fields=['organization', 'place', 'due_at'], include=('kind', 'state', 'channel', 'priority', 'owner', 'made_at', 'settled_at', 'told_at'), name='promise_ended'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(fields=['customer', '-made_at'], name='promise_customer'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('case__isnull', False)), fields=['case', '-made_at'], name='promise_case'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gte', models.F('made_at'))), name='promise_due_after_made'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'broken']), ('settled_at__isnull', False), _connector='OR'), name='promise_settled_when'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'open'), _negated=True), ('ring_at__isnull', False), ('paused_at__isnull', False), _connector='OR'), name='open_promise_rings'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('paused_at__isnull', True), models.Q(('may_pause', True), ('ring_at__isnull', True), ('state', 'open')), _connector='OR'), name='only_running_promises_pause'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('waits_for', ''), ('paused_at__isnull', False), _connector='OR'), name='what_waits_waits_for_something'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('rise_at__len', models.F('rise_to__len'))), name='each_rise_tells'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'progress'), ('state', 'open')), fields=('organization', 'case'), name='one_clock_a_case'),
        ),
        migrations.AddIndex(
            model_name='practice',
            index=models.Index(fields=['staff', '-id'], name='practice_of_staff'),
        ),
        migrations.AddIndex(
            model_name='practice',
            index=models.Index(condition=models.Q(('shared_at__isnull', False)), fields=['organization', '-shared_at'], name='practice_shared'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'ended'), _negated=True), models.Q(('ended_at__isnull', False), ('points__isnull', False)), _connector='OR'), name='practice_ended_when'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(('shared_at__isnull', True), ('state', 'ended'), _connector='OR'), name='practice_shared_when_ended'),
        ),
        migrations.AddIndex(
            model_name='merge',
            index=models.Index(fields=['source', '-at'], name='merge_source'),
        ),
        migrations.AddIndex(
            model_name='merge',
            index=models.Index(fields=['survivor', '-at'], name='merge_survivor'),
        ),
        migrations.AddIndex(
            model_name='merge',
            index=models.Index(fields=['organization', '-at'], name='merge_recent'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(('source', models.F('survivor')), _negated=True), name='merge_of_two'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('organization', 'source'), name='merged_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='lexiconversion',
            constraint=models.UniqueConstraint(fields=('organization', 'number'), name='lexicon_number_once'),
        ),
        migrations.AddIndex(
            model_name='lexiconproposal',
            index=models.Index(condition=models.Q(('state', 'proposed')), fields=['organization', 'id'], name='lexicon_proposed'),
        ),
        migrations.AddConstraint(
            model_name='lexiconproposal',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'proposed'), ('decided_at__isnull', False), _connector='XOR'), name='lexicon_decided_when'),
        ),
        migrations.AddConstraint(
            model_name='lessonread',
            constraint=models.UniqueConstraint(fields=('organization', 'case', 'staff'), name='lesson_read_once'),
        ),
        migrations.AddConstraint(
            model_name='ledgerline',
            constraint=models.UniqueConstraint(fields=('entry', 'account'), name='line_once'),
        ),
        migrations.AddConstraint(
            model_name='ledgerline',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='line_of_something'),
        ),
        migrations.AddConstraint(
            model_name='ledgerline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('account', 'allowance'), ('staff__isnull', False)), models.Q(models.Q(('account', 'allowance'), _negated=True), ('staff__isnull', True)), _connector='OR'), name='line_whose'),
        ),
        migrations.AddConstraint(
            model_name='ledgerline',
            constraint=models.CheckConstraint(condition=models.Q(('account__in', ['due', 'extra', 'charge', 'allowance', 'house'])), name='line_account'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['organization', '-at'], name='entry_latest'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['organization', 'case_number'], name='entry_case'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(condition=models.Q(('leave_number__isnull', False)), fields=('organization', 'leave_number'), name='leave_spent_once'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paid_amount__isnull', True), ('paid_currency', ''), ('rate__isnull', True)), models.Q(('paid_amount__gt', 0), ('rate__gt', 0), models.Q(('paid_currency', ''), _negated=True)), _connector='OR'), name='entry_rate_kept'),
        ),
        migrations.AddIndex(
            model_name='leave',
            index=models.Index(condition=models.Q(('state', 'asked')), fields=['organization', 'place', 'asked_at'], name='leave_open'),
        ),
        migrations.AddIndex(
            model_name='leave',
            index=models.Index(fields=['case', '-id'], name='leave_case'),
        ),
        migrations.AddConstraint(
            model_name='leave',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='leave_of_something'),
        ),
        migrations.AddConstraint(
            model_name='leave',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='leave_decided_when'),
        ),
        migrations.AddConstraint(
            model_name='leave',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('state', 'granted'), _negated=True), models.Q(('decided_at__gte', models.F('decides_at')), ('decides_at__isnull', False)), _connector='OR'), name='leave_rule_waits'),
        ),
        migrations.AddConstraint(
            model_name='leave',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('organization', 'case', 'part', 'name'), name='leave_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='keeping',
            constraint=models.UniqueConstraint(fields=('organization', 'kind'), name='kept_once'),
        ),
        migrations.AddConstraint(
            model_name='keeping',
            constraint=models.CheckConstraint(condition=models.Q(('months__isnull', True), ('months__gte', 1), _connector='OR'), name='kept_for_a_while'),
        ),
        migrations.AddIndex(
            model_name='journalentry',
            index=models.Index(fields=['transaction'], name='journal_tail'),
        ),
        migrations.AddIndex(
            model_name='journalentry',
            index=models.Index(condition=models.Q(('customer_id__isnull', False)), fields=['organization', 'customer_id', '-id'], name='journal_customer'),
        ),
        migrations.AddIndex(
            model_name='journalentry',
            index=models.Index(fields=['organization', '-id'], name='journal_organization'),
        ),
        migrations.AddIndex(
            model_name='journalentry',
            index=models.Index(condition=models.Q(('kind', 'lineup.held')), fields=['organization', 'place', '-at'], name='journal_lineup'),
        ),
        migrations.AddIndex(
            model_name='journalentry',
            index=models.Index(condition=models.Q(('kind__in', ('link.made', 'link.revoked', 'staff.disabled', 'staff.places_changed', 'staff.removed', 'staff.role_changed', 'staff.second_step_reset'))), fields=['at'], name='journal_rights'),
        ),
        migrations.AddIndex(
            model_name='incidenttask',
            index=models.Index(fields=['incident', '-id'], name='task_of_incident'),
        ),
        migrations.AddConstraint(
            model_name='incidenttask',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'done'), _negated=True), fields=('organization', 'incident'), name='one_task_an_incident'),
        ),
        migrations.AddConstraint(
            model_name='incidentstatement',
            constraint=models.UniqueConstraint(fields=('organization', 'incident', 'version'), name='statement_version_once'),
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['organization', 'place', '-id'], name='incident_open'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('until_at__gt', models.F('began_at'))), name='incident_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('titles', {}), _negated=True), name='incident_has_title'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'found'), ('told_at__isnull', False), _connector='OR'), name='incident_told_when'),
        ),
        migrations.AddConstraint(
            model_name='importrun',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'done'), _negated=True), fields=('organization', 'subject', 'file_hash'), name='import_file_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='housetopic',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('organization', 'name'), name='topic_named_once'),
        ),
        migrations.AddIndex(
            model_name='heldcharge',
            index=models.Index(fields=['case', '-id'], name='charge_case'),
        ),
        migrations.AddIndex(
            model_name='heldcharge',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['organization', '-id'], name='charge_held'),
        ),
        migrations.AddConstraint(
            model_name='heldcharge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'held')), models.Q(models.Q(('state', 'held'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='charge_decided_when'),
        ),
        migrations.AddConstraint(
            model_name='heldcharge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'waived'), _negated=True), ('refund__isnull', False), _connector='OR'), name='waived_by_refund'),
        ),
        migrations.AddIndex(
            model_name='hearingcorrection',
            index=models.Index(condition=models.Q(('withdrawn_at', None)), fields=['organization', 'id'], name='hearing_holds'),
        ),
        migrations.AddIndex(
            model_name='hearingcorrection',
            index=models.Index(fields=['touch'], name='hearing_of_touch'),
        ),
        migrations.AddConstraint(
            model_name='hearingcorrection',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('touch', 'what'), name='hearing_corrected_once'),
        ),
        migrations.AddConstraint(
            model_name='hearingcorrection',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', False), ('withdrawn_by', None), _connector='OR'), name='hearing_withdrawn_when'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='hand_over_due'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(fields=['case', '-id'], name='hand_over_case'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='hand_over_has_a_note'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('asked__len__gt', 0)), name='hand_over_asks_somebody'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='hand_over_ends'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('asked_at'))), name='hand_over_due_after_asked'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('organization', 'case'), name='one_hand_over_a_case'),
        ),
        migrations.AddIndex(
            model_name='given',
            index=models.Index(fields=['case', 'at'], name='given_case'),
        ),
        migrations.AddIndex(
            model_name='given',
            index=models.Index(fields=['organization', '-at'], name='given_latest'),
        ),
        migrations.AddIndex(
            model_name='given',
            index=models.Index(condition=models.Q(('remedy__isnull', False)), fields=['remedy'], name='given_remedy'),
        ),
        migrations.AddConstraint(
            model_name='given',
            constraint=models.CheckConstraint(condition=models.Q(('cost__gte', 0)), name='given_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='given',
            constraint=models.CheckConstraint(condition=models.Q(('told_at__isnull', True), models.Q(models.Q(('story', ''), _negated=True), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='given_told_whole'),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.UniqueConstraint(fields=('organization', 'customer_id'), name='erased_once'),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.CheckConstraint(condition=models.Q(('asked_at__isnull', False), ('at__isnull', False), _connector='OR'), name='erasure_asked_or_done'),
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['organization', 'place'], name='duty_now'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('organization', 'staff'), name='on_duty_once'),
        ),
        migrations.AddIndex(
            model_name='duplicatesearch',
            index=models.Index(fields=['organization', '-id'], name='duplicate_search_last'),
        ),
        migrations.AddConstraint(
            model_name='duplicatesearch',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'running'])), fields=('organization',), name='one_search_at_a_time'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='customer_merged'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id__isnull', False)), fields=('organization', 'external_id'), name='customer_external_id'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='customer_has_name'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='customer_not_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('quiet__regex', '^(always|\\d{4}-\\d\\d-\\d\\d)?$')), name='customer_quiet_until'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('wording', ''), _negated=True), name='consent_has_wording'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('withdrawn_at__gte', models.F('given_at')), _connector='OR'), name='consent_withdrawn_after'),
        ),
        migrations.AddIndex(
            model_name='casetalk',
            index=models.Index(fields=['case', 'at'], name='talk_case'),
        ),
        migrations.AddConstraint(
            model_name='casestep',
            constraint=models.UniqueConstraint(fields=('organization', 'case', 'step'), name='step_once'),
        ),
        migrations.AddConstraint(
            model_name='casestep',
            constraint=models.CheckConstraint(condition=models.Q(('skipped', False), models.Q(('text', ''), _negated=True), _connector='OR'), name='step_skipped_why'),
        ),
        migrations.AddConstraint(
            model_name='casestep',
            constraint=models.CheckConstraint(condition=models.Q(('skipped', False), models.Q(('step__in', ['fix', 'document']), _negated=True), _connector='OR'), name='step_never_skipped'),
        ),
        migrations.AddIndex(
            model_name='casemessage',
            index=models.Index(fields=['case', 'at'], name='message_case'),
        ),
        migrations.AddIndex(
            model_name='casemessage',
            index=models.Index(condition=models.Q(('touch__isnull', False)), fields=['touch'], name='message_touch'),
        ),
        migrations.AddConstraint(
            model_name='casemessage',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='message_has_text'),
        ),
        migrations.AddConstraint(
            model_name='casechoice',
            constraint=models.UniqueConstraint(fields=('organization', 'case', 'offer', 'number'), name='choice_once'),
        ),
        migrations.AddConstraint(
            model_name='casechoice',
            constraint=models.UniqueConstraint(condition=models.Q(('chosen_at__isnull', False)), fields=('organization', 'case', 'offer'), name='one_choice_an_offer'),
        ),
        migrations.AddConstraint(
            model_name='casechoice',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='choice_has_text'),
        ),
        migrations.AddConstraint(
            model_name='casechoice',
            constraint=models.CheckConstraint(condition=models.Q(('chosen_at__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='choice_chosen_or_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='casealarm',
            constraint=models.UniqueConstraint(fields=('organization', 'case', 'kind'), name='alarm_once'),
        ),
        migrations.AddConstraint(
            model_name='casealarm',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='alarm_decided_when'),
        ),
        migrations.AddConstraint(
            model_name='casealarm',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'words'), _negated=True), ('certainty__isnull', False), _connector='OR'), name='alarm_words_say_how_sure'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['organization', 'place', '-opened_at'], name='case_open'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['organization', 'place', '-id'], name='case_list'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['customer', '-opened_at'], name='case_customer'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('documented_at__isnull', False)), fields=['organization', 'place', '-documented_at'], name='case_documented'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('incident__isnull', False)), fields=['incident'], name='case_incident'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('shared_at__isnull', False)), fields=['organization', '-shared_at'], name='case_shared'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'open'), ('solved_at__isnull', False), _connector='OR'), name='case_solved_when'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('closed_at__isnull', False), ('documented_at__isnull', False)), _connector='OR'), name='case_closed_documented'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('owner__isnull', False), ('state', 'closed'), _connector='OR'), name='case_has_an_owner'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('shared_at__isnull', True), models.Q(('lesson', ''), _negated=True), _connector='OR'), name='case_shares_a_lesson'),
        ),
        migrations.AddIndex(
            model_name='cardpair',
            index=models.Index(condition=models.Q(('state', 'suggested')), fields=['organization', '-gain', '-id'], name='pair_queue'),
        ),
        migrations.AddConstraint(
            model_name='cardpair',
            constraint=models.CheckConstraint(condition=models.Q(('low__lt', models.F('high'))), name='pair_in_order'),
        ),
        migrations.AddConstraint(
            model_name='cardpair',
            constraint=models.UniqueConstraint(fields=('low', 'high'), name='pair_once'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(condition=models.Q(('state', 'ringing')), fields=['organization', 'place', '-rang_at'], name='call_ringing'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(condition=models.Q(('customer__isnull', True), ('seen_to_at__isnull', True), ('state', 'missed')), fields=['organization', 'place', '-rang_at'], name='call_missed'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(condition=models.Q(('customer__isnull', False)), fields=['customer'], name='call_customer'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(condition=models.Q(('touch__isnull', False)), fields=['touch'], name='call_touch'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.UniqueConstraint(fields=('organization', 'external_id'), name='call_external_id'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='call_answered_when'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['ended', 'missed']), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='call_ended_when'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(fields=('organization', 'staff', 'place'), name='one_role_a_place', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role', 'owner'), _negated=True), ('place__isnull', True), _connector='OR'), name='owner_everywhere'),
        ),
        migrations.AddIndex(
            model_name='surprise',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['organization', 'place'], name='surprise_waiting'),
        ),
        migrations.AddConstraint(
            model_name='surprise',
            constraint=models.CheckConstraint(condition=models.Q(('gesture', ''), _negated=True), name='surprise_has_gesture'),
        ),
        migrations.AddConstraint(
            model_name='surprise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), ('decided_by__isnull', True), ('proposed_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='surprise_two_people'),
        ),
        migrations.AddConstraint(
            model_name='takenline',
            constraint=models.UniqueConstraint(fields=('organization', 'key'), name='taken_line_once'),
        ),
        migrations.AddConstraint(
            model_name='trustcase',
            constraint=models.UniqueConstraint(fields=('organization', 'case_number', 'currency'), name='trust_case_once'),
        ),
        migrations.AddConstraint(
            model_name='trustcase',
            constraint=models.CheckConstraint(condition=models.Q(('spent__gte', 0)), name='trust_case_spent'),
        ),
        migrations.AddConstraint(
            model_name='trustlimit',
            constraint=models.UniqueConstraint(fields=('organization', 'role'), name='trust_limit_once'),
        ),
        migrations.AddConstraint(
            model_name='trustlimit',
            constraint=models.CheckConstraint(condition=models.Q(('per_case__isnull', True), ('per_case__gte', 0), _connector='OR'), name='trust_case_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='trustlimit',
            constraint=models.CheckConstraint(condition=models.Q(('per_month__isnull', True), ('per_month__gte', 0), _connector='OR'), name='trust_month_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='trustmonth',
            constraint=models.UniqueConstraint(fields=('organization', 'staff', 'month', 'currency'), name='trust_month_once'),
        ),
        migrations.AddConstraint(
            model_name='trustmonth',
            constraint=models.CheckConstraint(condition=models.Q(('spent__gte', 0)), name='trust_month_spent'),
        ),
        migrations.AddConstraint(
            model_name='trustrule',
            constraint=models.UniqueConstraint(fields=('organization',), name='trust_rule_once'),
        ),
        migrations.AddConstraint(
            model_name='trustrule',
            constraint=models.CheckConstraint(condition=models.Q(('ask_minutes__range', (1, 1440))), name='trust_rule_within_a_day'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(condition=models.Q(('state', 'expected')), fields=['organization', 'place', 'expected_at'], name='visit_expected'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(condition=models.Q(('state', 'arrived')), fields=['organization', 'place', 'arrived_at'], name='visit_here'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(condition=models.Q(('begun_at__isnull', False)), fields=['organization', 'place', 'expected_at'], include=('arrived_at', 'begun_at', 'delay_told_at'), name='visit_begun'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(fields=['customer', '-expected_at'], name='visit_customer'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id__isnull', False)), fields=('organization', 'external_id'), name='visit_external_id'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['arrived', 'left']), _negated=True), ('arrived_at__isnull', False), _connector='OR'), name='visit_arrived_when'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'left'), _negated=True), ('left_at__isnull', False), _connector='OR'), name='visit_left_when'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('begun_at__isnull', True), models.Q(('begun_at__gte', models.F('arrived_at')), ('kind', 'appointment'), ('state__in', ['arrived', 'left'])), _connector='OR'), name='appointments_begin_with_them'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('expected_until__isnull', True), ('expected_until__gte', models.F('expected_at')), _connector='OR'), name='visit_ends_after_start'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(fields=['customer', '-learned_at'], name='note_customer'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(fields=['organization', '-learned_at'], name='note_recent'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(condition=models.Q(('visit__isnull', False)), fields=['visit'], name='note_visit'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(condition=models.Q(('consent__isnull', False)), fields=['consent'], name='note_consent'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(condition=models.Q(('struck_by__isnull', False)), fields=['struck_by'], name='note_struck_by'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id__isnull', False)), fields=('organization', 'external_id'), name='note_external_id'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_has_text'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('polarity__in', [-1, 0, 1])), name='note_polarity'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('discretion__in', ['open', 'quiet', 'keeper'])), name='note_discretion'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source__in', ['inferred', 'acquired']), _negated=True), models.Q(('discretion', 'open'), _negated=True), _connector='OR'), name='note_guesses_stay_unsaid'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('sensitive', ''), ('consent__isnull', False), _connector='OR'), name='note_sensitive_has_consent'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('happens_on', ''), ('happens_on__regex', '^([0-9]{4}|-)-[0-9]{2}-[0-9]{2}$'), _connector='OR'), name='note_happens_on'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_from__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='note_valid_in_order'),
        ),
        migrations.AddConstraint(
            model_name='weighing',
            constraint=models.CheckConstraint(condition=models.Q(('severity__isnull', True), ('severity__range', (1, 3)), _connector='OR'), name='severity_of_three'),
        ),
        ]),
        migrations.RunPython(name_installation, migrations.RunPython.noop),
        # Keys are found by their hashes alone; that no two are alike is seen to where they are written.
        migrations.RunSQL('ALTER TABLE rugui_namekey DROP CONSTRAINT rugui_namekey_pkey', migrations.RunSQL.noop),
        migrations.RunSQL('ALTER TABLE rugui_nameslip DROP CONSTRAINT rugui_nameslip_pkey', migrations.RunSQL.noop),
    ]
