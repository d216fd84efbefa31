"""Settings of a Django that does nothing: no middleware, one persistent connection a thread."""

from crm_project import env

SECRET_KEY = "guards nothing"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "benchmarks.sites.bare_urls"
DATABASES = {"default": {**env.database("DATABASE_URL"), "CONN_MAX_AGE": None}}
USE_TZ = True
