"""Settings of SmartDuka. Every variable read here stands in `.env.example` with its default.

`DATABASE_URL` chooses the engine: unset means SQLite in the data folder; `postgres://…` and `mysql://…`
(MariaDB, through PyMySQL) are servers. Everything else works the same on all three.
"""

from datetime import timedelta
from pathlib import Path

from dotenv import load_dotenv

from smartduka import env
from smartduka.databases import engines

BASE_DIR = Path(__file__).resolve().parent.parent
load_dotenv(BASE_DIR / ".env")

DATA_DIR = Path(env.text("SMARTDUKA_DATA_DIR", str(BASE_DIR / "data"))).resolve()
# For its owner's eyes only, whatever is put there. One that exists stays as somebody made it.
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# --- Who may reach the shop, and how ---------------------------------------------------------------------

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY", default="only-for-development" if DEBUG else None)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
PUBLIC_URL = env.text("PUBLIC_URL").rstrip("/")

HTTPS = env.flag("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_FAILURE_VIEW = "smartduka.answers.csrf_failure"
X_FRAME_OPTIONS = "DENY"

# --- What it is made of ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "smartduka.development",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "inventory",
    "customers",
    "sales",
    # Last, so that every permission exists when `migrate` hands them to the groups.
    "smartduka",
]

MIDDLEWARE = [
    "smartduka.middleware.name_requests",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "smartduka.middleware.leave_nothing_behind",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "smartduka.urls"
WSGI_APPLICATION = "smartduka.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "smartduka" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["smartduka.templatetags.shown"],
        },
    },
]

# --- Where the data live ---------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_SQLITE_FILE = {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "db.sqlite3"}

DATABASES = {"default": engines.complete(env.database("DATABASE_URL", default=_SQLITE_FILE))}

# Where backups are kept; another disk than the database's is safer.
BACKUP_DIR = Path(env.text("BACKUP_DIR", str(DATA_DIR / "backups"))).resolve()

# --- Words, days and numbers -----------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.time_zone("TIME_ZONE", default="Africa/Nairobi")

# --- Files -----------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "smartduka.storage.HashedFiles"
    },
}
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# --- People ----------------------------------------------------------------------------------------------

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Five failures of one name from one address close that door, and no other, for a quarter of an hour. So a stranger
# on the network cannot keep the owner out of the shop's own machine.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "smartduka.permissions.OneQuestionBackend"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "smartduka.middleware.client_address"
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]

# --- Safety ----------------------------------------------------------------------------------------------

# The bodies the shop sends are small; a till's largest sale is far below this.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# Whoever sends a file, only an owner's reaches the disk.
FILE_UPLOAD_HANDLERS = ["smartduka.backups.uploads.OwnersFiles"]
# Going back over a migration that would destroy codes that people typed is refused unless this is on.
ALLOW_DATA_LOSS = env.flag("SMARTDUKA_ALLOW_DATA_LOSS", default=False)

# Everything a page needs comes from the shop itself; nothing is inline, and nothing may frame it.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "smartduka.middleware.WithRequestId"}},
    "formatters": {"line": {"format": "{asctime} {levelname} [{request_id}] {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
