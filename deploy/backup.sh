#!/bin/sh
# The night's work: a backup, once restored to see that it comes back, and the audit trail against the heads of every kept backup.
# Run by ikm-backup.service and by compose.yaml: from the application's directory, with PYTHON, BACKUPS (a directory) and HEAD_FILE.
set -eu
trap : TERM # what is running is told as well and takes away what it began: waited for, and then over

# The dump reads every table, and the drill makes a database: the owner's work, where PostgreSQL has two roles (docs/operations.md).
if [ -n "${DATABASE_OWNER_URL:-}" ]; then export DATABASE_URL="$DATABASE_OWNER_URL"; fi

"$PYTHON" manage.py backup --to "$BACKUPS" --keep "${KEEP:-14}"
"$PYTHON" manage.py restore_drill --from "$BACKUPS"
"$PYTHON" manage.py verify_audit --backups "$BACKUPS" --head-file "$HEAD_FILE"
