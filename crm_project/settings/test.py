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
CACHES["default"]["KEY_PREFIX"] = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
WHITENOISE_AUTOREFRESH = True
