"""The Celery application. Tasks live in the leaves; the schedule stands in the settings."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_project.settings.dev")

app = Celery("crm_project")
app.config_from_object("django.conf:settings", namespace="CELERY")
