"""Faces and logos, uploaded in the back office."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.models import Picture, Tenant, User
from core.tenancy import across_tenants
from tests.staff import errors_of, filled_in, make_operator, signed_in

PROFILE = reverse("admin:accounts_user_profile")


def picture(size=(40, 30)) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, "red").save(target, "PNG")
    return target.getvalue()


def upload(browser, path, content=b"", file_name="face.png", kind="image/png", **changes):
    sent = filled_in(browser.get(path), **changes)
    sent = {field: value for field, value in sent.items() if field != "new_picture"}
    if content:
        sent["new_picture"] = SimpleUploadedFile(file_name, content, kind)
    return browser.post(path, sent)


def user_page(person):
    return reverse("admin:accounts_user_change", args=(person.id,))


def tenant_page(team):
    return reverse("admin:accounts_tenant_change", args=(team.tenant.pk,))


def avatar_of(person):
    with across_tenants():
        return User.objects.get(pk=person.id).avatar_id


def logo_of(team):
    return Tenant.objects.get(pk=team.tenant.pk).logo_id


def kept() -> int:
    with across_tenants():
        return Picture.objects.count()


class TestAvatar:
    def test_is_set_shown_replaced_and_taken_away(self, team):
        ada, path = signed_in(team.ada.user), user_page(team.alice)
        upload(ada, path, picture())
        first = avatar_of(team.alice)
        assert f"/storage/pictures/{first}.webp" in ada.get(path).content.decode()
        upload(ada, path, picture((50, 50)))
        assert avatar_of(team.alice) not in (None, first)
        upload(ada, path)
        assert (avatar_of(team.alice) is None, kept()) == (False, 1)
        upload(ada, path, without_picture="on")
        assert (avatar_of(team.alice), kept()) == (None, 0)

    @pytest.mark.parametrize(
        "content",
        [
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"no picture",
            picture()[:40],
            picture() + b"x" * 5 * 1024**2,
            b"\x00" * 100,
        ],
    )
    def test_is_looked_into_whatever_it_calls_itself(self, team, content):
        ada, path = signed_in(team.ada.user), user_page(team.alice)
        answer = upload(ada, path, content, name="Renamed")
        assert "new_picture" in errors_of(answer)
        assert (avatar_of(team.alice), kept()) == (None, 0)

    def test_of_others_is_not_theirs_to_change(self, team, rivals):
        sent = {"new_picture": SimpleUploadedFile("a.png", picture())}
        for person, expected in ((team.alice, 403), (team.mona, 403), (rivals.ada, 404)):
            answer = signed_in(person.user).post(user_page(team.bob), sent)
            assert answer.status_code == expected
        assert kept() == 0


class TestProfile:
    def test_is_everybodys_own(self, team):
        for person in team.everybody.values():
            browser = signed_in(person.user)
            upload(browser, PROFILE, picture(), name="Somebody Else")
            address = f"/storage/pictures/{avatar_of(person)}.webp"
            assert address in browser.get(PROFILE).content.decode()
            assert person.get("/api/v1/auth/me").json()["data"]["name"] == "Somebody Else"

    def test_stands_behind_ones_name_with_the_password(self, team):
        for user, is_shown in ((team.victor.user, True), (make_operator(), False)):
            page = signed_in(user).get(reverse("admin:index")).content.decode()
            assert (f'href="{PROFILE}"' in page) == is_shown
            assert f'href="{reverse("admin:password_change")}"' in page

    def test_takes_no_more_than_a_name_and_a_picture(self, team):
        sent = {"name": "Al", "role": "admin", "email": "x@y.mx", "is_staff": ""}
        signed_in(team.alice.user).post(PROFILE, sent)
        shown = team.alice.get("/api/v1/auth/me").json()["data"]
        assert (shown["name"], shown["role"]) == ("Al", "sales")

    @pytest.mark.parametrize("name", ["", " ", "x" * 256, "a\x00"])
    def test_refuses_nonsense(self, team, name):
        browser = signed_in(team.alice.user)
        assert "name" in errors_of(upload(browser, PROFILE, picture(), name=name))
        assert "new_picture" in errors_of(upload(browser, PROFILE, b"<svg/>"))
        assert (avatar_of(team.alice), kept()) == (None, 0)

    def test_is_nothing_for_strangers_and_operators(self, team, client):
        assert client.get(PROFILE).status_code == 302
        assert signed_in(make_operator()).get(PROFILE).status_code == 403


class TestLogo:
    def test_is_set_and_taken_away_by_the_admin(self, team, rivals):
        ada, path = signed_in(team.ada.user), tenant_page(team)
        upload(ada, path, picture())
        assert f"/storage/pictures/{logo_of(team)}.webp" in ada.get(path).content.decode()
        assert logo_of(rivals) is None
        upload(ada, path, without_picture="on")
        assert (logo_of(team), kept()) == (None, 0)

    def test_is_the_tenants_when_an_operator_sets_it(self, team):
        upload(signed_in(make_operator()), tenant_page(team), picture())
        with across_tenants():
            assert Picture.objects.get(pk=logo_of(team)).tenant_id == team.tenant.pk

    def test_is_no_drawing(self, team):
        answer = upload(
            signed_in(team.ada.user), tenant_page(team), b"<svg/>", file_name="logo.png"
        )
        assert "new_picture" in errors_of(answer)
        assert logo_of(team) is None
