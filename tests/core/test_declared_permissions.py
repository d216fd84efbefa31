from __future__ import annotations

import pytest

from core.api.viewsets import ResourceViewSet

pytestmark = pytest.mark.urls("tests.core.wiring")


class TestDeclaredPermission:
    def test_lets_anybody_in_where_it_says_anyone(self, client, db):
        assert client.post("/echo", {}, content_type="application/json").status_code == 200

    def test_enters_the_callers_tenant(self, team):
        assert team.alice.get("/echo").json()["tenant"] == team.tenant.pk

    def test_asks_for_the_named_right(self, team):
        assert team.alice.patch("/echo", []).status_code == 403
        assert team.mona.patch("/echo", []).status_code == 200

    def test_refuses_a_method_that_is_not_named_to_everybody(self, team):
        assert team.ada.delete("/echo").status_code == 403

    def test_reads_a_head_request_as_a_get(self, team):
        assert team.alice.client.head("/echo").status_code == 200

    def test_answers_405_to_who_is_known_and_401_to_strangers(self, client, team):
        assert team.alice.client.generic("TRACE", "/echo").status_code == 405
        assert client.get("/echo").status_code == 401


class TestViewSet:
    def test_refuses_a_subclass_that_goes_round_the_tenant(self):
        with pytest.raises(TypeError, match="narrow"):
            type("Sly", (ResourceViewSet,), {"get_queryset": lambda self: None})
