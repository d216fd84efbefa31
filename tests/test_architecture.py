"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.urls import URLPattern, get_resolver

from core.api.views import TenantViewMixin
from core.models import TenantEvent
from core.tasks import _pending
from tests.test_tenancy import OURS

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("core", "accounts", "prospects", "clients", "sales", "analytics", "crm_project")
DRAWERS = {"utils.py", "helpers.py", "common.py", "misc.py"}
# The models that somebody wrote: neither tables between two others nor those of the history.
WRITTEN = [
    model for model in OURS if not model._meta.auto_created and not issubclass(model, TenantEvent)
]
# Files that are longer than they should be, with the reason.
LONG = {"prospects/pipeline/models.py": "The card is one table of many columns and indexes."}
LONGEST_FILE, LONGEST_FUNCTION = 300, 40


def sources() -> Iterator[Path]:
    """Yield the product's own modules."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def functions() -> Iterator[tuple[str, int]]:
    """Yield (where, number of lines without the docstring) of every function."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                where = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                yield where, lines - len((ast.get_docstring(node) or "").splitlines())


class TestFiles:
    def test_are_no_drawers(self):
        assert [path for path in sources() if path.name in DRAWERS] == []

    def test_are_short(self):
        too_long = {
            str(path.relative_to(ROOT))
            for path in sources()
            if len(path.read_text().splitlines()) > LONGEST_FILE
        }
        assert too_long == set(LONG)

    def test_hold_short_functions(self):
        assert [where for where, lines in functions() if lines > LONGEST_FUNCTION] == []


class TestModels:
    @pytest.mark.parametrize("model", WRITTEN, ids=lambda model: model._meta.label)
    def test_say_what_they_are_in_the_world(self, model):
        assert not model.__doc__.startswith(f"{model.__name__}("), "Django's docstring, not ours"


class TestTasks:
    def test_of_the_schedule_exist(self):
        scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
        assert scheduled <= set(current_app.tasks)

    def test_of_pending_work_exist(self):
        assert set(_pending) <= set(current_app.tasks)

    def test_are_named_leaf_and_verb(self):
        ours = [name for name in current_app.tasks if not name.startswith(("celery.", "tests."))]
        assert ours
        assert all(name.count(".") == 1 for name in ours)


class TestViews:
    def test_enter_the_callers_tenant(self):
        """Every API view is built on the base that does; only the documentation is not."""
        strangers = {
            view.cls.__name__
            for view in _callbacks(get_resolver().url_patterns)
            if hasattr(view, "cls") and not issubclass(view.cls, TenantViewMixin)
        }
        assert strangers == {"SpectacularAPIView", "SpectacularSwaggerSplitView"}


def _callbacks(patterns):
    for entry in patterns:
        if isinstance(entry, URLPattern):
            yield entry.callback
        else:
            yield from _callbacks(entry.url_patterns)
