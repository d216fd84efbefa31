"""The world that all of a module's tests look at: what a test does to it is undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.template.response import SimpleTemplateResponse

from tests.isolation.desk import Desk, make_desk
from tests.isolation.world import World, make_world, undone


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(_world: World, db: None) -> Iterator[World]:
    """Two tenants with a row of every kind."""
    with undone():
        yield _world


@pytest.fixture(scope="module")
def _desk(django_db_setup: None, django_db_blocker: Any) -> Iterator[Desk]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_desk()
        transaction.set_rollback(True)


@pytest.fixture
def desk(_desk: Desk, db: None) -> Iterator[Desk]:
    """What the back office shows to acme, and people of another tenant in front of it."""
    with undone():
        yield _desk


@pytest.fixture
def unpainted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages tell their template and title: the menus around them take most of the time."""

    def told(answer: SimpleTemplateResponse) -> str:
        return f"{answer.template_name}: {(answer.context_data or {}).get('title')}"

    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", property(told))
    monkeypatch.setattr(type(admin.site), "each_context", lambda site, request: {})
