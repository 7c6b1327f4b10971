"""The one settings file: read from the environment once, safe as it stands.

Without any variable it runs the embedded edition: SQLite and the secret key under `var/`, plain HTTP on
the local machine. `DATABASE_URL` moves the data to PostgreSQL; `STANDARDS_HUB_PRODUCTION=1` turns on what a
public server needs (HTTPS, HSTS, secure cookies, hashed static files) and insists on its secrets.
`docs/deployment.md` lists every variable.
"""

import sys
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

PRODUCTION = env.bool("STANDARDS_HUB_PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
VAR_DIR = Path(env.str("STANDARDS_HUB_VAR", default=str(BASE_DIR / "var")))


def _kept_key(name: str) -> str:
    """A key that the embedded edition makes once and keeps in `var/`."""
    path = VAR_DIR / name
    if not path.is_file():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


def _secret_key() -> str:
    """The key from the environment, or the embedded edition's own."""
    if given := env.str("SECRET_KEY", default=""):
        return given
    if PRODUCTION:
        sys.exit("SECRET_KEY is not set: a production server must bring its own.")
    return _kept_key("secret_key")


SECRET_KEY = _secret_key()
# Keys from before, while what was made with them is still in use (sessions, second factors).
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Only these may say in X-Forwarded-For for whom they ask; what a visitor writes there himself counts for nothing.
TRUSTED_PROXIES = [ip_network(one.strip()) for one in env.list("TRUSTED_PROXIES", default=[])]

INSTALLED_APPS = [
    "standards_hub.apps.HubAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "records",
    "directory",
    "catalog",
    "pilots",
    "reports",
]

MIDDLEWARE = [
    "standards_hub.requests.believe_own_proxies",
    "django.middleware.security.SecurityMiddleware",
    # Outside whatever may answer by itself, so that static files and early refusals carry these headers too.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "standards_hub.requests.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "standards_hub.requests.ChosenLanguageMiddleware",
    "standards_hub.errors.explain_refused_method",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "directory.sessions.LimitedSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "directory.password_age.PasswordAgeMiddleware",
    "directory.second_factor_due.SecondFactorMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
]

ROOT_URLCONF = "standards_hub.urls"
WSGI_APPLICATION = "standards_hub.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "directory.User"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "standards_hub" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["records.templatetags.form_tokens"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "standards_hub.context.site",
            ],
        },
    }
]

# --- data ---------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'standards_hub.sqlite3'}")}
DATABASES["default"].setdefault("OPTIONS", {})
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
        " PRAGMA mmap_size=1073741824; PRAGMA temp_store=MEMORY; PRAGMA recursive_triggers=ON;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # The catalogue fits into memory, or stands on flash: reading out of order costs no seek (PostgreSQL assumes 4).
    # Few words wait to be sorted into the search index, so that no search has to look through many; compiling a query
    # (jit) takes longer than any of ours runs.
    options = "-c random_page_cost=1.1 -c gin_pending_list_limit=64kB -c jit=off"
    DATABASES["default"]["OPTIONS"].setdefault("options", options)
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- the trail ----------------------------------------------------------------------------------------------

# The seals' key stands outside the database and is nobody's business but the server's; without one a production server
# does not start (records.checks).
TRAIL_KEY = env.str("TRAIL_KEY", default="") or ("" if PRODUCTION else _kept_key("trail_key"))
TRAIL_COPY = env.str("TRAIL_COPY", default=str(VAR_DIR / "trail-seals.jsonl"))
TRAIL_ALGORITHM = env.str("TRAIL_ALGORITHM", default="sha256")
SEAL_EVERY = env.int("SEAL_EVERY", default=60)

# --- people -------------------------------------------------------------------------------------------------

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# asvs (length, no composition, no rotation) or mlps3 (等保三级: composition, rotation, none of the last five).
PASSWORD_POLICY = env.str("PASSWORD_POLICY", default="asvs")
if PASSWORD_POLICY not in ("asvs", "mlps3"):
    sys.exit(f"PASSWORD_POLICY is {PASSWORD_POLICY!r}: it is asvs or mlps3.")
# A code from an authenticator after the password: off, offered (who wants it), staff (all who work for the bureau).
SECOND_FACTOR = env.str("SECOND_FACTOR", default={"mlps3": "staff"}.get(PASSWORD_POLICY, "offered"))
if SECOND_FACTOR not in ("off", "offered", "staff"):
    sys.exit(f"SECOND_FACTOR is {SECOND_FACTOR!r}: it is off, offered or staff.")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "directory.passwords.PolicyValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "directory.passwords.GuessableValidator"},
    {"NAME": "directory.passwords.EarlierPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
AUTHENTICATION_BACKENDS = ["directory.signin.AccountBackend"]
# Wrong passwords that are looked at: of an account from one address, of an account from all, in so many minutes.
SIGN_IN_TRIES_PER_ADDRESS = env.int("SIGN_IN_TRIES_PER_ADDRESS", default=5)
SIGN_IN_TRIES_PER_ACCOUNT = env.int("SIGN_IN_TRIES_PER_ACCOUNT", default=20)
SIGN_IN_WINDOW_MINUTES = env.int("SIGN_IN_WINDOW_MINUTES", default=15)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
# Without a request, and in all; both are kept on the server.
SESSION_IDLE_MINUTES_STAFF = env.int("SESSION_IDLE_MINUTES_STAFF", default=30)
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=60)
SESSION_HOURS = env.int("SESSION_HOURS", default=12)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600

# Where no server is named, a password is reset by the division; on a developer's machine mails appear on the console.
vars().update(env.email("EMAIL_URL", default="dummymail://" if PRODUCTION else "consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="webmaster@localhost")
# What links in mails begin with, where no request says it.
SITE_URL = env.str("SITE_URL", default="").rstrip("/")

# --- language and time ----------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "standards_hub" / "locale"]
FORMAT_MODULE_PATH = ["standards_hub.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- static files -----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "standards_hub" / "static"]
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")) if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- security -------------------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- API --------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["knox.auth.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["directory.access.ReadAllWriteCataloguer"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("THROTTLE_ANON", default="120/min"),
        "user": env.str("THROTTLE_USER", default="600/min"),
        "export": env.str("THROTTLE_EXPORT", default="10/min"),
    },
    "NUM_PROXIES": 0,  # believe_own_proxies has put the client's address in the peer's place
    "EXCEPTION_HANDLER": "standards_hub.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
KNOX_TOKEN_MODEL = "directory.ApiToken"  # noqa: S105  the name of a model
MIGRATION_MODULES = {"knox": None}  # its own token table is never used; ours stands in directory
REST_KNOX = {
    "TOKEN_MODEL": KNOX_TOKEN_MODEL,
    "TOKEN_TTL": timedelta(days=90),
    "AUTH_HEADER_PREFIX": "Token",
    "AUTO_REFRESH": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Standards Hub API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_NAME_OVERRIDES": {"LevelEnum": "catalog.levels.Level", "RegionLevelEnum": "directory.models.Region.Level"},
}

# --- logs -------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "standards_hub.requests.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

CSRF_FAILURE_VIEW = "standards_hub.errors.csrf_failed"
