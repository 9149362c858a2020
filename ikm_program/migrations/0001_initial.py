import django.db.models.deletion
import django.db.models.expressions
import ikm_program.sheets.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('trainings', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=160, unique=True)),
                ('window_started_at', models.DateTimeField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.BigIntegerField(unique=True, verbose_name='sequence')),
                ('at', models.DateTimeField(db_index=True, verbose_name='time')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('verb', models.CharField(db_index=True, max_length=80, verbose_name='act')),
                ('model', models.CharField(blank=True, max_length=80, verbose_name='kind of record')),
                ('object_id', models.CharField(blank=True, max_length=40, verbose_name='record')),
                ('label', models.CharField(blank=True, max_length=200, verbose_name='label')),
                ('region_path', models.CharField(blank=True, db_index=True, max_length=40, verbose_name='region')),
                ('before', models.JSONField(default=dict, verbose_name='before')),
                ('after', models.JSONField(default=dict, verbose_name='after')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'audit event',
                'verbose_name_plural': 'audit trail',
                'ordering': ('-sequence',),
                'indexes': [models.Index(fields=['model', 'object_id'], name='audit_event_object')],
            },
        ),
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.BigIntegerField(default=0)),
                ('hash', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='ikm_program_audithead_is_single')],
            },
        ),
        migrations.CreateModel(
            name='ColumnMemory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kind', models.CharField(max_length=20)),
                ('header', models.CharField(max_length=160)),
                ('field', models.CharField(max_length=40)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'kind', 'header'), name='ikm_program_columnmemory_once')],
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True)),
                ('value', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('key', models.UUIDField()),
                ('action', models.CharField(max_length=80)),
                ('fingerprint', models.CharField(max_length=64)),
                ('content_type', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='contenttypes.contenttype')),
                ('object_id', models.BigIntegerField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='ikm_program_idempotencykey_once_per_user')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('kind', models.CharField(max_length=120, verbose_name='work')),
                ('status', models.CharField(choices=[('menunggu', 'Waiting'), ('berjalan', 'In progress'), ('selesai', 'Finished'), ('gagal', 'Failed')], default='menunggu', max_length=10, verbose_name='status')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='done')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='of')),
                ('message', models.TextField(blank=True, verbose_name='what became of it')),
                ('url', models.CharField(blank=True, max_length=500, verbose_name='result')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='asked for at')),
                ('started_at', models.DateTimeField(null=True, verbose_name='started at')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished at')),
            ],
            options={
                'verbose_name': 'long work',
                'verbose_name_plural': 'long work',
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='RowKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('key', models.UUIDField()),
                ('record_id', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='ikm_program_rowkey_lands_once')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('person', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('screen', models.CharField(editable=False, max_length=80, verbose_name='list')),
                ('name', models.CharField(max_length=60, verbose_name='name of the view')),
                ('query', models.CharField(blank=True, editable=False, max_length=1000, verbose_name='choice')),
            ],
            options={
                'verbose_name': 'saved view',
                'verbose_name_plural': 'saved views',
                'ordering': ('name', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('person', 'screen', 'name'), name='ikm_program_savedview_named_once', violation_error_message='You keep a view of that name already.')],
            },
        ),
        migrations.CreateModel(
            name='SheetImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('created_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('region_path', models.CharField(db_index=True, editable=False, max_length=40, verbose_name='region')),
                ('file', models.FileField(max_length=120, upload_to=ikm_program.sheets.models.kept_path, verbose_name='file')),
                ('name', models.CharField(max_length=160, verbose_name='file name')),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='hash of the content')),
                ('sheet', models.CharField(blank=True, max_length=120, verbose_name='sheet')),
                ('header_row', models.PositiveIntegerField(blank=True, null=True, verbose_name='row of the heading')),
                ('mapping', models.JSONField(default=dict, verbose_name='columns')),
                ('decisions', models.JSONField(default=dict, verbose_name='decisions')),
                ('status', models.CharField(choices=[('diunggah', 'Uploaded'), ('diperiksa', 'Being checked'), ('siap', 'Ready to be looked at'), ('memasukkan', 'Being entered'), ('dimasukkan', 'Entered'), ('dibatalkan', 'Undone'), ('ditolak', 'Rejected'), ('gagal', 'Failed'), ('dibuang', 'Discarded')], default='diunggah', editable=False, max_length=10, verbose_name='status')),
                ('problem', models.CharField(blank=True, editable=False, max_length=500, verbose_name='what went wrong')),
                ('rows_in', models.PositiveIntegerField(default=0, editable=False, verbose_name='rows in the file')),
                ('accepted', models.PositiveIntegerField(default=0, editable=False, verbose_name='accepted')),
                ('rejected', models.PositiveIntegerField(default=0, editable=False, verbose_name='rejected')),
                ('blank', models.PositiveIntegerField(default=0, editable=False, verbose_name='blank rows')),
                ('done', models.PositiveIntegerField(default=0, editable=False)),
                ('total', models.PositiveIntegerField(default=0, editable=False)),
                ('touched_at', models.DateTimeField(auto_now=True)),
                ('known_then', models.CharField(blank=True, editable=False, max_length=40)),
                ('entered_at', models.DateTimeField(editable=False, null=True, verbose_name='entered at')),
                ('entered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ('-pk',),
                'constraints': [models.CheckConstraint(condition=models.Q(('rows_in', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('accepted'), '+', models.F('rejected')), '+', models.F('blank')))), name='ikm_program_sheetimport_rows_add_up'), models.CheckConstraint(condition=models.Q(models.Q(('entered_at__isnull', False), ('entered_by__isnull', False), ('status', 'dimasukkan')), models.Q(('status', 'dimasukkan'), _negated=True), _connector='OR'), name='ikm_program_sheetimport_entered_by_whom')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=80)),
                ('region_path', models.CharField(blank=True, max_length=40)),
                ('count', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('model', 'region_path'), name='ikm_program_tally_once')],
            },
        ),
        migrations.CreateModel(
            name='SheetRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet_import', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='ikm_program.sheetimport')),
                ('number', models.PositiveIntegerField(verbose_name='row')),
                ('outcome', models.CharField(choices=[('baru', 'New'), ('berubah', 'Changed'), ('sama', 'Same'), ('mirip', 'Perhaps there already'), ('salah', 'Faulty'), ('dilewati', 'Left out')], max_length=8, verbose_name='outcome')),
                ('cells', models.JSONField(default=dict)),
                ('faults', models.JSONField(default=list)),
                ('changes', models.JSONField(default=list)),
                ('record_id', models.BigIntegerField(null=True)),
                ('record_version', models.PositiveIntegerField(null=True)),
                ('twin_label', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'verbose_name': 'row of an import',
                'verbose_name_plural': 'rows of an import',
                'ordering': ('number',),
                'indexes': [models.Index(fields=['sheet_import', 'outcome', 'number'], name='sheet_row_by_outcome')],
                'constraints': [models.UniqueConstraint(fields=('sheet_import', 'number'), name='ikm_program_sheetrow_once')],
            },
        ),
    ]
