"""Is the process alive, is it ready, and how is it doing?"""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError, connection

NOBODY_THERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def without_broker(settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOBODY_THERE}}


@pytest.fixture
def without_database(db):
    """Every statement fails as if the server had gone."""

    def refuse(*args):
        raise DatabaseError("the server is gone")

    with connection.execute_wrapper(refuse):
        yield


class TestHealthz:
    def test_answers_as_long_as_the_process_does(self, client, without_broker, without_database):
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


class TestReadyz:
    def test_is_ready_with_everything_there(self, client, db):
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok", "failing": []})

    def test_names_a_broker_that_is_down(self, client, db, without_broker):
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json() == {"status": "not ready", "failing": ["broker"]}

    def test_names_a_database_that_is_down(self, client, without_database):
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "database" in answer.json()["failing"]


class TestMetrics:
    def test_count_requests_by_route_not_by_path(self, client, db):
        client.get("/api/v1/users/12345")
        text = client.get("/metrics").content.decode()
        assert 'route="api/v1/users/<id:pk>",status="401"' in text
        assert "users/12345" not in text

    def test_count_paths_that_do_not_exist_together(self, client, db):
        client.get("/no/such/path")
        assert "no/such" not in client.get("/metrics").content.decode()

    def test_count_invented_methods_together(self, client, db):
        client.generic("INVENTED", "/healthz")
        text = client.get("/metrics").content.decode()
        assert "INVENTED" not in text
        assert re.search(r'method="other",route="healthz"', text)

    def test_are_for_this_machine_alone(self, client, db):
        assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 404
        assert client.get("/metrics", REMOTE_ADDR="").status_code == 404
        assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200

    def test_are_for_who_holds_the_token_too(self, client, settings, db):
        settings.CRM_METRICS_TOKEN = "prometheus"
        for sent, status in (("prometheus", 200), ("", 404), ("wrong", 404), ("prométheus", 404)):
            answer = client.get(
                "/metrics", REMOTE_ADDR="203.0.113.7", HTTP_AUTHORIZATION=f"Bearer {sent}"
            )
            assert answer.status_code == status
