"""The printed table of roles says what the code does."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from django.conf import settings

SCRIPT = Path(settings.BASE_DIR) / "script" / "roles_table.py"


def test_the_printed_table_is_current() -> None:
    """If this fails: .venv/bin/python script/roles_table.py > docs/roles.md"""
    spec = importlib.util.spec_from_file_location("roles_table", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    roles_table = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(roles_table)
    assert (Path(settings.BASE_DIR) / "docs" / "roles.md").read_text() == roles_table.document()
