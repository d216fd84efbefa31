"""The Celery application. Tasks live in the leaves; the schedule stands in the settings."""

from __future__ import annotations

import os
from importlib import import_module

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_project.settings.dev")

app = Celery("crm_project")
import_module("core.task_metrics")  # connects itself to every task
app.config_from_object("django.conf:settings", namespace="CELERY")
