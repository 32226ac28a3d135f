"""Django's settings; every variable read here is described in docs/settings.md."""

import os
from pathlib import Path

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured

from gradebench.home import home_folder, kept_secret

django_stubs_ext.monkeypatch()


def _flag(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def _words(name: str, default: str = "") -> list[str]:
    return os.environ.get(name, default).replace(",", " ").split()


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip()
    if not (text or "0").isdecimal():
        raise ImproperlyConfigured(f"{name} is “{text}”; give it a whole number.")
    return int(text) if text else default


PACKAGE = Path(__file__).resolve().parent
GRADEBENCH_HOME = home_folder()

DEBUG = _flag("GRADEBENCH_DEBUG")
SECRET_KEY = os.environ.get("GRADEBENCH_SECRET_KEY") or kept_secret(GRADEBENCH_HOME / "secret_key")
ALLOWED_HOSTS = _words("GRADEBENCH_HOSTS", "localhost 127.0.0.1 [::1]")
CSRF_FAILURE_VIEW = "gradebench.canvas.views.troubles.stale_form"
CSRF_TRUSTED_ORIGINS = _words("GRADEBENCH_ORIGINS")

# Behind a proxy that ends TLS: cookies by https only, and the proxy's word for the scheme is trusted.
BEHIND_HTTPS = _flag("GRADEBENCH_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_HTTPS else 0
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "gradebench.accounts",
    "gradebench.core",
    "gradebench.canvas",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gradebench.accounts.time_zone.ViewerTimeZone",
    "gradebench.canvas.views.troubles.Troubles",
]

ROOT_URLCONF = "gradebench.urls"
ASGI_APPLICATION = "gradebench.asgi.application"
WSGI_APPLICATION = "gradebench.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{GRADEBENCH_HOME / 'gradebench.sqlite3'}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets pages be read while a sync writes; IMMEDIATE takes the write lock at once, so that a
    # second writer waits for it instead of failing in the middle of its transaction.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The live figures of a run. They must be seen by the server and by every worker on this machine;
# several machines share one Redis. Losing the cache loses nothing.
_cache_url = os.environ.get("GRADEBENCH_CACHE_URL", "")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache"
        if _cache_url
        else "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": _cache_url or str(GRADEBENCH_HOME / "cache"),
        "TIMEOUT": 60 * 60 * 24,
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "sign_in"

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = GRADEBENCH_HOME / "static"
# Files are served straight from the package, with far expiry by content hash when collected.
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

MESSAGE_TAGS = {messages.ERROR: "error", messages.DEBUG: "info"}

# How many requests one token may have in flight; Canvas refuses the twelfth.
CANVAS_MAX_IN_FLIGHT = _number("GRADEBENCH_MAX_IN_FLIGHT", 8)
# A full sync is due when the last one is older than this; in between, submissions are read by change.
CANVAS_FULL_SYNC_HOURS = _number("GRADEBENCH_FULL_SYNC_HOURS", 24)
# The server works through the runs itself unless `gradebench work` does so elsewhere.
EMBEDDED_WORKER = not _flag("GRADEBENCH_NO_EMBEDDED_WORKER")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("GRADEBENCH_LOG_LEVEL", "WARNING")},
    # These name every address they call; ours says what matters without the query.
    "loggers": {
        "httpx2": {"level": "WARNING"},
        "httpcore2": {"level": "WARNING"},
        "gradebench": {"level": os.environ.get("GRADEBENCH_LOG_LEVEL", "INFO")},
    },
}
