#!/usr/bin/env python
"""Print docs/roles.md: which role may do what, from the table of roles and the permission matrix.

.venv/bin/python script/roles_table.py > docs/roles.md
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

HEAD = """# Roles

Made by `script/roles_table.py` from `ikm_program/roles.py` and `tests/matrix.py`; a test says whether it is current.

A role says *what*; the person's region says *where*: the region itself and what lies below it. What lies above is read and chosen
from, never changed. A record outside the region answers like one that does not exist.
"""
YES = "●"


def main() -> None:
    root = Path(__file__).resolve().parent.parent
    sys.path.insert(0, str(root))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikm_program.settings")
    import django

    django.setup()
    sys.stdout.write(document())


def document() -> str:
    """The whole page; Django is set up by whoever calls."""
    from django.utils import translation

    from ikm_program.roles import ROLES
    from tests.matrix import ADDRESSES

    with translation.override("en"):
        labels = [str(role.label) for role in ROLES.values()]
        where = [
            f"| {role.label} | `{code}` | {'province' if role.is_provincial else 'province or district'} |" for code, role in ROLES.items()
        ]
    actions = sorted({permission for role in ROLES.values() for permission in role.permissions})
    granted = ((f"`{action}`", [action in role.permissions for role in ROLES.values()]) for action in actions)
    opened = ((f"`{name}`", [_marks(rule, code) for code in ROLES]) for name, rule in ADDRESSES.items())
    parts = [
        HEAD,
        "| Role | Group | Given in |\n|---|---|---|\n" + "\n".join(where) + "\n",
        "## Permissions\n",
        "\n".join(_table("Permission", labels, granted)) + "\n",
        "## Addresses\n\nR: may open it. W: may send to it.\n",
        "\n".join(_table("Address", labels, opened)) + "\n",
    ]
    return "\n".join(parts)


def _marks(rule: object, code: str) -> str:
    from tests.matrix import Rule

    assert isinstance(rule, Rule)
    marks = [(letter, rule.roles(method)) for letter, method in (("R", "GET"), ("W", "POST"))]
    return "".join(letter for letter, roles in marks if isinstance(roles, str) or code in roles)


def _table(corner: str, labels: list[str], rows: Iterable[tuple[str, list[bool] | list[str]]]) -> Iterator[str]:
    yield f"| {corner} | {' | '.join(labels)} |"
    yield "|---" + "|:-:" * len(labels) + "|"
    for name, cells in rows:
        yield f"| {name} | {' | '.join((YES if cell else '') if isinstance(cell, bool) else cell for cell in cells)} |"


if __name__ == "__main__":
    main()
