"""Values for the test suite."""

from __future__ import annotations

import os

from crm_project.settings.base import *

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# Cheap on purpose: passwords are hashed hundreds of times. Argon2 itself has a test.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
# Each test process empties a cache of its own: database 1, 2, … of the broker.
_NUMBER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
CACHES["default"]["LOCATION"] = f"{REDIS_URL.rpartition('/')[0]}/{_NUMBER}"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
WHITENOISE_AUTOREFRESH = True
