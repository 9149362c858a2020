from typing import Any

from django.db import migrations


def ask_for_another_check(apps: Any, schema_editor: Any) -> None:
    """Rows that were staged before know no key of the business they will become: such an import is checked again before it is entered."""
    apps.get_model("ikm_program", "SheetImport").objects.filter(kind="ikm", entered_at=None).update(known_then="")


def leave_no_room(apps: Any, schema_editor: Any) -> None:
    """New rows know from the start which record they become, and are not written again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE ikm_program_sheetrow RESET (fillfactor)")


class Migration(migrations.Migration):

    dependencies = [
        ('ikm_program', '0002_sheet_rows'),
    ]

    operations = [
        migrations.RunPython(ask_for_another_check, migrations.RunPython.noop),
        migrations.RunPython(leave_no_room, migrations.RunPython.noop),
    ]
