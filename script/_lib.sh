# Shared by everything in script/; sourced, never run. Leaves the caller in the checkout, whatever directory it was called from.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
VENV=$ROOT/.venv
PYTHON=$VENV/bin/python
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # ldconfig and runuser, for people who are not root
export PYTHONUNBUFFERED=1                         # the log shows a line when it is written

say() { printf '%s\n' "$*"; }
die() {
  printf '\n%s\n' "$*" >&2
  exit 1
}

# What .env says, unless the environment already says it: the settings module reads the same file by the same rule.
# .env.owner, which only root can read, holds the address of the database's owner: a password on a command line stands in the log of sudo.
load_env() {
  local file
  for file in .env .env.owner; do
    if [ -r "$file" ]; then load_env_file "$file"; fi
  done
}

load_env_file() { # FILE
  local line name value
  while IFS= read -r line || [ -n "$line" ]; do
    [[ $line =~ ^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] || continue
    name=${BASH_REMATCH[2]} value=${BASH_REMATCH[3]}
    [ -z "${!name+set}" ] || continue
    if [[ $value =~ ^\"(.*)\"[[:space:]]*$ || $value =~ ^\'(.*)\'[[:space:]]*$ ]]; then
      value=${BASH_REMATCH[1]}
    else # as the settings module reads it: a comment starts after a blank
      value=${value%%[[:space:]]#*}
      value=${value%"${value##*[![:space:]]}"}
    fi
    export "$name=$value"
  done <"$1"
}

data_dir() { printf '%s' "${DATA_DIR:-$ROOT/data}"; }

manage() { "$PYTHON" manage.py "$@"; }
has_command() { compgen -G "*/management/commands/$1.py" >/dev/null; } # asking Django itself costs a second

# --- what the system must have ---------------------------------------------------------------------------------------

RUNTIME_LIBRARIES=(libpango-1.0.so.0 libpangoft2-1.0.so.0 libharfbuzz-subset.so.0) # WeasyPrint loads them; no wheel bundles them

# The newest interpreter that serves, or nothing. ensurepip is missing where Debian's python3-venv is.
system_python() {
  local candidate
  for candidate in python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

missing_libraries() {
  local library
  for library in "${RUNTIME_LIBRARIES[@]}"; do
    has_library "$library" || printf '%s\n' "$library"
  done
}

has_library() { [[ $(ldconfig -p 2>/dev/null || true) == *"$1"* ]]; }

postgres_bin() { # the directory of initdb and pg_ctl, newest version first
  local found
  found=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
  found=${found:-$(command -v initdb || true)}
  if [ -z "$found" ]; then return 1; fi
  dirname "$found"
}

is_ubuntu() { grep -qs '^ID=ubuntu' /etc/os-release; }

# Debian's own Chromium. Ubuntu's is a stub that wants snapd: there the tests use the browser that Playwright brings.
find_chromium() {
  if [ -n "${CHROMIUM:-}" ]; then printf '%s' "$CHROMIUM"; elif ! is_ubuntu; then command -v chromium; fi
}

missing_packages() { # [--dev]
  # `|| true` throughout: what is missing is the answer, not a failure.
  if ! system_python >/dev/null && ! "$PYTHON" -c '' 2>/dev/null; then printf '%s\n' python3-venv; fi
  case "$(missing_libraries)" in *libpango-1.0*) printf '%s\n' libpango-1.0-0 ;; esac
  case "$(missing_libraries)" in *libpangoft2*) printf '%s\n' libpangoft2-1.0-0 ;; esac
  case "$(missing_libraries)" in *libharfbuzz-subset*) printf '%s\n' libharfbuzz-subset0 ;; esac
  [ "${1:-}" = --dev ] || return 0
  if [ -z "$(postgres_bin || true)" ]; then printf '%s\n' postgresql postgresql-common; fi
  if ! is_ubuntu && [ -z "$(find_chromium || true)" ]; then printf '%s\n' chromium; fi
  if ! command -v xgettext >/dev/null; then printf '%s\n' gettext; fi
  if ! command -v pdftotext >/dev/null; then printf '%s\n' poppler-utils; fi
  if ! has_library libatomic.so.1; then printf '%s\n' libatomic1; fi # the driver of the browser tests asks for it
}

install_missing_packages() { # [--dev]
  local packages as_root=()
  mapfile -t packages < <(missing_packages "$@")
  [ ${#packages[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "This machine lacks what Debian calls: ${packages[*]}. Install them with its own package manager, then start again."
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || die "System packages are missing, and installing them needs an administrator. Run this, then start again:

  sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${packages[*]}"
    as_root=(sudo -n)
  fi
  say "System packages: ${packages[*]}"
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get -q update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q install --yes --no-install-recommends "${packages[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 30 "$log" >&2
    rm -f "$log"
    die "apt could not install: ${packages[*]}"
  fi
  rm -f "$log"
  if [ -n "$(missing_packages "$@")" ]; then die "Still missing after apt: $(missing_packages "$@" | tr '\n' ' ')"; fi
}

# --- Python ----------------------------------------------------------------------------------------------------------

ensure_venv() {
  # A virtual environment survives neither a moved checkout nor a changed system Python; both show here.
  if "$PYTHON" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then return 0; fi
  say "Python environment: .venv"
  rm -rf "$VENV"
  "$(system_python)" -m venv "$VENV"
}

lock_hash() { # LOCK
  { "$PYTHON" --version; cat "$1"; } | sha256sum | cut -d ' ' -f 1
}

# Installs a lock unless exactly that lock was installed before.
install_lock() { # LOCK [a smaller lock that it contains]
  local lock=$1 stamp=$VENV/.installed-$1
  if [ "$(cat "$stamp" 2>/dev/null)" = "$(lock_hash "$lock")" ]; then return 0; fi
  say "Python packages: $lock"
  # -qq: only errors. PIP_NO_INPUT: never ask, there may be nobody to answer.
  PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1 "$PYTHON" -m pip install -qq --require-hashes -r "$lock" ||
    die "The Python packages of $lock could not be installed: is the package index reachable (https_proxy, PIP_INDEX_URL)?"
  lock_hash "$lock" >"$stamp"
  if [ -n "${2:-}" ]; then lock_hash "$2" >"$VENV/.installed-$2"; fi
}

ensure_playwright_chromium() {
  if "$PYTHON" -c 'import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not pathlib.Path(playwright.chromium.executable_path).exists())' 2>/dev/null; then return 0; fi
  say "Browser: Playwright's Chromium"
  local with_deps=()
  if [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; then with_deps=(--with-deps); fi
  "$PYTHON" -m playwright install "${with_deps[@]}" chromium >/dev/null
}

# --- the application -------------------------------------------------------------------------------------------------

compile_messages() {
  local po mo output
  for po in ikm_program/locale/*/LC_MESSAGES/*.po; do
    [ -f "$po" ] || continue
    mo=${po%.po}.mo
    if [ "$mo" -nt "$po" ]; then continue; fi
    # Babel, because a machine that only serves has no msgfmt.
    output=$("$PYTHON" -m babel.messages.frontend compile -i "$po" -o "$mo" 2>&1) || die "$output"
    case $output in *"marked as fuzzy"*) die "$po: its header is marked fuzzy, so nothing of it would be shown. Run script/messages." ;; esac
  done
}

collect_static() {
  local target=${STATIC_ROOT:-$(data_dir)/static}
  if [ -f "$target/staticfiles.json" ] && [ -z "$(find static requirements.txt -newer "$target/staticfiles.json" -print -quit)" ]; then return 0; fi
  say "Static files"
  (umask 022 && manage collectstatic --noinput --verbosity 0) # the compressed ones take the mask: whoever serves reads them
}

# The role that owns the tables migrates; the role that serves may be a weaker one (docs/operations.md).
migrate_database() {
  if [ -z "${DATABASE_OWNER_URL:-}" ]; then
    manage migrate --noinput --verbosity "${1:-0}"
  else
    DATABASE_URL=$DATABASE_OWNER_URL manage migrate --noinput --verbosity "${1:-0}"
    DATABASE_URL=$DATABASE_OWNER_URL manage grant_app_role --for-url "$DATABASE_URL"
  fi
}
