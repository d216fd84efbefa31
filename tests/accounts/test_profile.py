from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from accounts.models import Picture
from core.tenancy import across_tenants
from tests.people import Person

ME, AVATAR = "/api/v1/auth/me", "/api/v1/auth/me/avatar"
TENANT, LOGO = "/api/v1/tenant", "/api/v1/tenant/logo"


def picture(kind="PNG", size=(40, 30), **more) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, "red").save(target, kind, **more)
    return target.getvalue()


def send(person: Person, path: str, content: bytes, kind: str = "image/png"):
    return person.client.put(path, content, content_type=kind)


def path_of(url: str) -> str:
    return "/storage" + url.partition("/storage")[2]


def kept() -> int:
    with across_tenants():
        return Picture.objects.count()


class TestName:
    def test_can_be_changed_by_oneself(self, team):
        assert team.alice.put(ME, {"name": " Alice B. "}).json()["data"]["name"] == "Alice B."
        assert team.alice.get(ME).json()["data"]["name"] == "Alice B."

    @pytest.mark.parametrize("name", ["", "  ", None, "x" * 256, "a\x00", {"a": 1}, ["a"]])
    def test_cannot_be_nonsense(self, team, name):
        answer = team.alice.put(ME, {"name": name})
        assert answer.status_code == 422
        assert "name" in answer.json()["errors"]

    def test_is_all_that_can_be_changed_so(self, team):
        sent = {"name": "Al", "role": "admin", "email": "x@y.mx", "tenant_id": 1, "is_staff": True}
        shown = team.alice.put(ME, sent).json()["data"]
        assert (shown["role"], shown["email"]) == ("sales", "alice@acme.test")


class TestAvatar:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
    def test_is_painted_anew_and_shown_to_who_has_its_address(self, team, stranger, kind):
        url = send(team.alice, AVATAR, picture(kind)).json()["data"]["avatar_url"]
        answer = stranger.get(path_of(url))
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/webp"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert Image.open(BytesIO(answer.content)).size == (40, 30)

    def test_stands_wherever_the_person_does(self, team, post):
        url = send(team.alice, AVATAR, picture()).json()["data"]["avatar_url"]
        assert team.alice.get(ME).json()["data"]["avatar_url"] == url
        assert team.bob.get(f"/api/v1/users/{team.alice.id}").json()["data"]["avatar_url"] == url

    def test_replaces_the_one_before(self, team, stranger):
        urls = [send(team.alice, AVATAR, picture()).json()["data"]["avatar_url"] for _ in range(2)]
        assert [stranger.get(path_of(url)).status_code for url in urls] == [404, 200]
        assert team.alice.delete(AVATAR).json()["data"]["avatar_url"] is None
        assert kept() == 0

    def test_keeps_nothing_that_was_hidden_in_the_file(self, team, stranger):
        exif = Image.Exif()
        exif[0x010E] = "SECRET PLACE"
        content = picture("JPEG", exif=exif) + b"<script>SECRET</script>"
        url = send(team.alice, AVATAR, content).json()["data"]["avatar_url"]
        assert b"SECRET" not in stranger.get(path_of(url)).content

    @pytest.mark.parametrize(
        "content",
        [b"", b"x", b"<svg onload='alert(1)'/>", b"GIF89a", picture()[:50], b"\x00" * 1000],
    )
    def test_is_looked_into_whatever_it_calls_itself(self, team, content):
        assert send(team.alice, AVATAR, content, "image/png").status_code == 422
        assert kept() == 0

    def test_is_limited_in_size(self, team):
        assert send(team.alice, AVATAR, b"x" * (5 * 1024**2 + 1)).status_code == 413
        assert send(team.alice, AVATAR, picture(size=(9000, 9000))).status_code == 422
        assert kept() == 0


class TestTenant:
    CHANGES = {
        "name": "Acme Norte",
        "tax_id": "ANO900515XYZ",
        "address": "Av. Juárez 1, Monterrey",
        "time_zone": "America/Monterrey",
        "language": "en",
        "currency": "USD",
    }

    def test_is_changed_by_its_admin(self, team):
        shown = team.ada.put(TENANT, self.CHANGES).json()["data"]
        assert shown.items() >= self.CHANGES.items()
        assert team.victor.get(TENANT).json()["data"] == shown

    def test_changes_what_is_sent_alone(self, team):
        before = team.ada.get(TENANT).json()["data"]
        after = team.ada.put(TENANT, {"currency": "usd", "slug": "x", "id": 1}).json()["data"]
        assert after == {**before, "currency": "USD"}

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *(("currency", value) for value in ("XXX1", "XXX", "", None, 5)),
            *(("time_zone", value) for value in ("Mars/Base", "", None, "../etc/passwd", "x" * 99)),
            *(("language", value) for value in ("fr", "", None)),
            *(("name", value) for value in ("", None, "x" * 256, "a\x00")),
            *(("tax_id", value) for value in ("x" * 31, None, ["x"])),
            ("address", "x" * 501),
        ],
    )
    def test_refuses_nonsense(self, team, field, value):
        before = team.ada.get(TENANT).json()
        answer = team.ada.put(TENANT, {"name": "Changed", field: value})
        assert answer.status_code == 422
        assert field in answer.json()["errors"]
        assert team.ada.get(TENANT).json() == before

    def test_has_a_logo(self, team, rivals):
        url = send(team.ada, LOGO, picture()).json()["data"]["logo_url"]
        assert team.alice.get(TENANT).json()["data"]["logo_url"] == url
        assert rivals.ada.get(TENANT).json()["data"]["logo_url"] is None
        assert team.ada.delete(LOGO).json()["data"]["logo_url"] is None
        assert kept() == 0
