from __future__ import annotations

from tests.people import PASSWORD


class TestLogin:
    def test_answers_token_user_and_tenant(self, client, team):
        body = {"email": "ALICE@acme.test ", "password": PASSWORD}
        answer = client.post("/api/v1/auth/login", body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        assert set(answer.json()) == {"token", "refresh_token", "expires_at", "user", "tenant"}
        me = client.get("/api/v1/auth/me", HTTP_AUTHORIZATION=f"Bearer {answer.json()['token']}")
        assert me.json()["data"]["email"] == "alice@acme.test"
