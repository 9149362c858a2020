"""One settings module. What differs between machines comes from the environment; `.env.example` lists every name."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data")))
DATA_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)  # personal data: not for everybody on the machine


def _generated_secret(path: Path) -> str:
    """The key of this installation: made once, kept outside git, readable by its owner only."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


SECRET_KEY: str = env.str("SECRET_KEY", default="") or _generated_secret(DATA_DIR / "secret_key")
DEBUG: bool = env.bool("DEBUG", default=False)

# Where people reach the site. Cookies, redirects and HSTS follow its scheme, so plain http on an office network works for trying out.
SITE_URL: str = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(SITE_URL)
IS_HTTPS = _site.scheme == "https"
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[_site.hostname or "127.0.0.1", "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])

# Demo mode accepts example NIKs (sequence 0000) and shows the demo accounts on the sign-in page.
DEMO_MODE: bool = env.bool("DEMO_MODE", default=False)

INSTALLED_APPS = [
    "ikm_program.apps.ProgramAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ikm_program",
    "trainings",
    "production",
    "distribution",
]

MIDDLEWARE = [
    "ikm_program.middleware.DatabaseUnavailableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ikm_program.middleware.TextCompressionMiddleware",
    "ikm_program.middleware.ContentSecurityPolicyMiddleware",
    "ikm_program.middleware.PlainAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ikm_program.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ikm_program.middleware.NoStoreMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "ikm_program.urls"
WSGI_APPLICATION = "ikm_program.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ikm_program.context_processors.frame",
                "ikm_program.dashboard.frame.roof",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "ikm_program.templatetags.office"],
        },
    },
]

# --- database -------------------------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'ikm.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # Measured: Django's default mode lets most concurrent writers fail at once; IMMEDIATE + WAL lets none fail.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": ("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; PRAGMA busy_timeout=20000;"),
    }
else:
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
    # Measured: the planner overrates joins of many small tables, and compiling one takes a second where running it takes a millisecond.
    _session = "-c jit=off"
    if env.bool("DATABASE_WEB_TIMEOUTS", default=False):  # set by the web server only: migrations and loads may take longer
        _session += " -c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=30s"
    _database.setdefault("OPTIONS", {})["options"] = _session
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- pieces of pages ------------------------------------------------------------------------------------------------

# Kept by each process in its own memory (ikm_program.keeping): nothing to run, and no key is ever wrong. Not while templates are written.
_keeps = "django.core.cache.backends.dummy.DummyCache" if DEBUG else "django.core.cache.backends.locmem.LocMemCache"
CACHES = {"default": {"BACKEND": _keeps, "OPTIONS": {} if DEBUG else {"MAX_ENTRIES": 2_000}}}

# --- people ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "trainings.User"
AUTHENTICATION_BACKENDS = ["ikm_program.accounts.PeopleBackend"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_FAILURE_VIEW = "ikm_program.sign_in.csrf_failure"

# --- browser safety -------------------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
X_FRAME_OPTIONS = "DENY"
# Number of reverse proxies in front: the client's address for throttling is taken that many hops from the right.
TRUSTED_PROXY_HOPS: int = env.int("TRUSTED_PROXY_HOPS", default=0)
# Names as in Django 6, so that our middleware is deleted on the upgrade.
SECURE_CSP: dict[str, list[str]] = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "<CSP_NONCE>"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}

# --- language, time -------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "ikm_program" / "locale"]
FORMAT_MODULE_PATH = ["ikm_program.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE: str = env.str("TIME_ZONE", default="Asia/Makassar")  # WITA: a document made at 07:30 bears that day's date
USE_THOUSAND_SEPARATOR = False  # figures go through the `jumlah` filter; ids and years must never be grouped

# --- files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media")))  # private: served by scoped views only, no MEDIA_URL
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # For everybody, unlike uploads: an administrator collects them, and the user who serves reads them.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
# Compressing takes 4 s instead of 44: pages name hashed files only, and the fonts are for documents, not for browsers.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "jpeg", "png", "webp", "gif", "gz", "br", "woff", "woff2", "ttf")
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
PHOTO_MAX_BYTES = 10 * 1024 * 1024
PHOTO_MAX_PIXELS = 25_000_000

# --- mail, long work, log -------------------------------------------------------------------------------------------

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # seconds: a mail server that hangs does not hold a person's page
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="ikm@localhost")
SHEET_KINDS = [  # what can be brought in by spreadsheet; each is declared by the app that owns the noun
    "trainings.imports.enterprises.EnterpriseIntake",
    "trainings.imports.participants.ParticipantIntake",
    "trainings.imports.enrolments.EnrolmentIntake",
    "trainings.imports.attendances.AttendanceIntake",
    "production.imports.targets.TargetIntake",
    "production.imports.outputs.OutputIntake",
]
FIELD_WORKBOOK_KINDS = ("kepesertaan", "kehadiran", "hasil")  # the sheets of the workbook that a district fills in offline
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_tokens": {"()": "ikm_program.logs.WithoutTokens"}},
    "formatters": {"without_values": {"()": "ikm_program.logs.WithoutValues"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["without_tokens"], **({} if DEBUG else {"formatter": "without_values"})},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {name: {"level": "WARNING"} for name in ("weasyprint", "fontTools", "PIL")},  # they tell every step
}
