"""The Celery application. Tasks live in the leaves; the schedule stands in the settings."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_project.settings.dev")

app = Celery("crm_project")
import_module("core.task_metrics")  # connects itself to every task
app.config_from_object("django.conf:settings", namespace="CELERY")


@worker_init.connect
def limit_statements_of_tasks(**_: Any) -> None:
    """Before the worker's processes are made, which begin as it is."""
    from django.conf import settings

    from core.postgres.limits import limit_process

    limit_process(settings.CRM_WORKER_STATEMENT_SECONDS)


@worker_init.connect
def give_way(**_: Any) -> None:
    """On a machine they share, people who wait for a page come before imports and campaigns."""
    from django.conf import settings

    os.nice(settings.CRM_WORKER_NICENESS)
