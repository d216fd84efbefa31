"""The shops and systems of a client."""

from __future__ import annotations

import pytest

from clients.integrations.models import Integration
from core.tenancy import tenant_scope
from tests.clients.clients_of import client, integration

SHOP = {
    "platform": "shopify",
    "name": "Main shop",
    "url": "https://acme.example/shop",
    "status": "connected",
    "connected_at": "2026-03-15T10:30:00Z",
}


@pytest.fixture
def acme(team):
    """A client of Alice's."""
    return client(team, owner=team.alice)


class TestAdd:
    def test_answers_the_whole_integration(self, team, acme):
        answer = team.alice.post(f"/clients/{acme.pk}/integrations", SHOP)
        assert answer.status_code == 200
        made = answer.json()
        assert made == {"id": made["id"], **SHOP}
        assert team.alice.get(f"/clients/{acme.pk}").json()["integrations"] == [made]

    def test_connects_now_unless_it_says_when(self, team, acme):
        body = {"platform": "vtex", "status": "connected"}
        made = team.alice.post(f"/clients/{acme.pk}/integrations", body).json()
        assert made["connected_at"] is not None

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *(("platform", value) for value in (None, "", "x" * 61, "a\x00", [1])),
            *(
                ("url", value)
                for value in ("javascript:alert(1)", "shop", 5, "https://" + "x" * 300)
            ),
            *(("status", value) for value in ("on", None, 1)),
            *(("connected_at", value) for value in ("soon", 5)),
            ("name", "x" * 121),
        ],
    )
    def test_refuses_what_cannot_be_by_its_name(self, team, acme, field, value):
        answer = team.alice.post(f"/clients/{acme.pk}/integrations", {**SHOP, field: value})
        assert (answer.status_code, list(answer.json()["validation"])) == (400, [field])
        with tenant_scope(team.tenant.pk):
            assert not Integration.objects.exists()


class TestChange:
    def test_changes_what_is_sent_alone(self, team, acme):
        made = team.alice.post(f"/clients/{acme.pk}/integrations", SHOP).json()
        path = f"/clients/integrations/{made['id']}"
        answer = team.alice.put(path, {"status": "error"})
        assert answer.json() == {**made, "status": "error"}

    def test_deletes(self, team, acme):
        shop = integration(team, acme)
        answer = team.mona.delete(f"/clients/integrations/{shop.pk}")
        assert (answer.status_code, answer.json()["id"]) == (200, shop.pk)
        assert team.mona.delete(f"/clients/integrations/{shop.pk}").status_code == 404

    @pytest.mark.parametrize("method", ["put", "delete"])
    def test_is_404_for_strangers(self, team, rivals, acme, method):
        shop = integration(team, acme)
        send = getattr(rivals.ada, method)
        assert send(f"/clients/integrations/{shop.pk}", {"name": "stolen"}).status_code == 404
        stolen = team.bob.put(f"/clients/integrations/{shop.pk}", {"name": "stolen"})
        assert stolen.status_code == 404
        with tenant_scope(team.tenant.pk):
            assert Integration.objects.get().name == ""

    def test_is_404_once_the_company_is_deleted(self, team, acme):
        shop = integration(team, acme)
        team.mona.delete(f"/api/v1/companies/{acme.pk}")
        answer = team.mona.put(f"/clients/integrations/{shop.pk}", {"name": "late"})
        assert answer.status_code == 404
