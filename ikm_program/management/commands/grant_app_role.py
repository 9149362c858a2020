from __future__ import annotations

from typing import Any

import environ
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from ikm_program.guards import guarded_models


class Command(BaseCommand):
    help = "PostgreSQL: gives the serving role what it needs, but no UPDATE, DELETE or TRUNCATE on insert-only tables. Run as owner."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("role", nargs="?", help="name of the role")
        which.add_argument("--for-url", help="take the role's name from this database address")

    def handle(self, *args: Any, role: str | None, for_url: str | None, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles.")
        name = role or environ.Env.db_url_config(for_url)["USER"]
        for_role = connection.ops.quote_name(name)
        database = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
        present = set(connection.introspection.table_names())
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {for_role}")  # sheets stage rows in a temporary table
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {for_role}")
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {for_role}")
            cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {for_role}")
            for model in guarded_models():
                table = model._meta.db_table
                if table in present:
                    cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {connection.ops.quote_name(table)} FROM {for_role}")
