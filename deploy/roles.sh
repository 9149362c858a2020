#!/usr/bin/env bash
# Run once by the database's image: one role owns the tables and migrates, a weaker one serves (docs/operations.md).
set -euo pipefail
psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" <<'SQL'
CREATE ROLE ikm_owner LOGIN CREATEDB PASSWORD :'owner'; -- for the restore drill
CREATE ROLE ikm_app LOGIN PASSWORD :'app';
CREATE DATABASE ikm OWNER ikm_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE ikm FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE ikm TO ikm_app; -- rows of a spreadsheet are staged in a temporary table
SQL
