"""Everything the product needs, the same everywhere. The environment gives the values."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pghistory
from django.urls import reverse_lazy

from crm_project import env
from crm_project.settings.api_docs import SPECTACULAR_SETTINGS  # noqa: F401
from crm_project.settings.back_office import UNFOLD  # noqa: F401
from crm_project.settings.logs import LOGGING  # noqa: F401
from crm_project.settings.mail import *
from crm_project.settings.schedule import *

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = env.path("CRM_DATA_DIR", BASE_DIR / ".data")

SECRET_KEY = env.text("CRM_SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = env.words("CRM_ALLOWED_HOSTS")

INSTALLED_APPS = [
    "core",  # its templates go before django-unfold's
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "corsheaders",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
    "pgtrigger",
    "pghistory",
    "guardian",
    "anymail",
    "accounts",
    "prospects",
    "clients",
    "sales",
    "analytics",
    "crm_project",
]

MIDDLEWARE = [
    "core.metrics.MetricsMiddleware",
    "core.middleware.RequestIdMiddleware",
    "core.content_policy.ContentPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "core.statement_limits.StatementLimitMiddleware",
    "core.middleware.TenantMiddleware",
    "core.middleware.AuditMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "crm_project.middleware.BackOfficeMiddleware",
    "crm_project.back_office.session_over.SessionOverMiddleware",
    "core.back_office_twice.OnceMiddleware",
]

ROOT_URLCONF = "crm_project.urls"
WSGI_APPLICATION = "crm_project.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Database and cache -----------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.database(
            "DATABASE_URL",
            prepare_threshold=0,  # core/kept_plans.py
            # Unset, each call of a trigger fails to read it, in a subtransaction of its own.
            options="-c pgtrigger.ignore={}",
        ),
        "CONN_MAX_AGE": None,  # a new connection per request costs more than the request
        "CONN_HEALTH_CHECKS": True,
    }
}
# Seconds that a statement may take, by who waits for it; 0: as long as it takes.
CRM_API_STATEMENT_SECONDS = env.number("CRM_API_STATEMENT_SECONDS", 30)
CRM_BACK_OFFICE_STATEMENT_SECONDS = env.number("CRM_BACK_OFFICE_STATEMENT_SECONDS", 60)
CRM_WORKER_STATEMENT_SECONDS = env.number("CRM_WORKER_STATEMENT_SECONDS", 1800)
CRM_COMMAND_STATEMENT_SECONDS = env.number("CRM_COMMAND_STATEMENT_SECONDS", 0)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "crm",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}

# People -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.users.backends.RoleBackend"]
# Shares of cards (prospects.sharing): rights on one row, asked for by visible_to and changeable_by.
# Nobody is anonymous here, and the user model gets no methods beside its own.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = reverse_lazy("admin:login")
CRM_LOGIN_TRIES_PER_MINUTE = env.number("CRM_LOGIN_TRIES_PER_MINUTE", 10, least=1)
CRM_REGISTRATIONS_PER_MINUTE = env.number("CRM_REGISTRATIONS_PER_MINUTE", 60, least=1)
CRM_PASSWORD_MAILS_PER_HOUR = env.number("CRM_PASSWORD_MAILS_PER_HOUR", 10, least=1)
CRM_INVITATIONS_PER_HOUR = env.number("CRM_INVITATIONS_PER_HOUR", 60, least=1)
# All requests to the API and the back office; 0: without a limit.
CRM_USER_REQUESTS_PER_MINUTE = env.number("CRM_USER_REQUESTS_PER_MINUTE", 3_000)
CRM_TENANT_REQUESTS_PER_MINUTE = env.number("CRM_TENANT_REQUESTS_PER_MINUTE", 60_000)
CRM_ADDRESS_REQUESTS_PER_MINUTE = env.number("CRM_ADDRESS_REQUESTS_PER_MINUTE", 60_000)
# What agents may send to /mcp, each user.
CRM_MCP_MESSAGES_PER_MINUTE = env.number("CRM_MCP_MESSAGES_PER_MINUTE", 600, least=1)
CRM_TRUSTED_PROXIES = env.number("CRM_TRUSTED_PROXIES", 0)
RESPONDIO_API_TOKEN = env.text("RESPONDIO_API_TOKEN", "")
RESPONDIO_BASE_URL = env.text("RESPONDIO_BASE_URL", "https://api.respond.io/v2")
# Networks (10.0.0.0/8, …) that webhooks may reach although they are not public.
CRM_WEBHOOK_ALLOWED_NETWORKS = env.words("CRM_WEBHOOK_ALLOWED_NETWORKS")
CRM_CRON_TOKEN = env.text("CRM_CRON_TOKEN", "")
CRM_METRICS_TOKEN = env.text("CRM_METRICS_TOKEN", "")

SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": SECRET_KEY,
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.number("CRM_ACCESS_TOKEN_MINUTES", 480)),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=env.number("CRM_REFRESH_TOKEN_DAYS", 30)),
}

# API --------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.sessions.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.permissions.DeclaredPermission"],
    "DEFAULT_RENDERER_CLASSES": ["core.api.rendering.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.rendering.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.PagePagination",
    "DEFAULT_FILTER_BACKENDS": ["core.api.filters.FilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "core.api.openapi.JSONSchema",
    "EXCEPTION_HANDLER": "core.api.errors.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": False,
    "DATETIME_FORMAT": None,  # the renderer writes moments the way each contract does
}
CORS_ALLOWED_ORIGINS = env.words("CRM_CORS_ORIGINS")
CORS_URLS_REGEX = r"^/(?!admin/).*$"
CORS_EXPOSE_HEADERS = [
    "ETag",
    "Idempotent-Replayed",
    "X-Request-ID",
    "Retry-After",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "X-Analytics-Source",
    "X-Analytics-Computed-At",
]
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-request-id",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = env.number("CRM_MAX_BODY_BYTES", 20 * 1024 * 1024, least=1)
CRM_MAX_PUBLIC_BODY_BYTES = env.number("CRM_MAX_PUBLIC_BODY_BYTES", 256 * 1024, least=1)
CRM_MAX_IMPORT_BYTES = env.number("CRM_MAX_IMPORT_BYTES", 500 * 1024 * 1024, least=1)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # an invoice of 500 lines

# History ----------------------------------------------------------------------------------------
# The context stands in each event: there is no table of contexts that tenants would share.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_APPEND_ONLY = True
PGHISTORY_ADMIN_CLASS = None

# Background work --------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A task of a worker that was killed comes back after this; no task may run longer.
    "visibility_timeout": 3600,
    "unacked_restore_interval": 30,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 0,  # a broker that is down must not hold a request: the sweep wakes later
}
CELERY_TIMEZONE = "UTC"
# Added to the niceness of workers (0 to 19): on a machine they share, people who wait come first.
CRM_WORKER_NICENESS = env.number("CRM_WORKER_NICENESS", 5)
# Analytics: how often, how far back beyond the last run, and how many leads at a time.
CRM_ANALYTICS_OVERLAP_SECONDS = env.number("CRM_ANALYTICS_OVERLAP_SECONDS", 120)
CRM_ANALYTICS_ROLLING = env.number("CRM_ANALYTICS_ROLLING", 10_000)
CRM_ANALYTICS_CHUNK = env.number("CRM_ANALYTICS_CHUNK", 500, least=1)
CRM_ANALYTICS_FULL_CHUNK = env.number("CRM_ANALYTICS_FULL_CHUNK", 10_000, least=1)
CRM_ANALYTICS_SNAPSHOT_MINUTES = env.number("CRM_ANALYTICS_SNAPSHOT_MINUTES", 15, least=1)

# Mail: settings/mail.py; the file backend writes here -------------------------------------------
EMAIL_FILE_PATH = DATA_DIR / "mail"

# The rest ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"  # of the APIs; the back office speaks the language of its tenant
LANGUAGES = [("es", "Español"), ("en", "English")]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "crm_project.formats"
STATIC_URL = "/static/"
STATIC_ROOT = env.path("CRM_STATIC_ROOT", BASE_DIR / "staticfiles")
MEDIA_ROOT = env.path("CRM_MEDIA_ROOT", DATA_DIR / "media")
WHITENOISE_USE_FINDERS = True
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # has_perm is about roles; rows are visible_to's
CSRF_TRUSTED_ORIGINS = env.words("CRM_CSRF_ORIGINS")
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
