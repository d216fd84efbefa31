"""`/api/v1/products` and their categories."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from core.tenancy import tenant_scope
from sales.models import Product, ProductImage

PRODUCTS, CATEGORIES = "/api/v1/products", "/api/v1/product-categories"


def product(person, **fields):
    """A product that somebody put on sale, as it was answered."""
    answer = person.post(PRODUCTS, {"name": "Consultoría Fiscal", "unit_price": 1500, **fields})
    assert answer.status_code == 201, answer.content
    return answer.json()["data"]


def picture(kind="PNG", size=(3, 2), **how):
    target = BytesIO()
    Image.new("RGB", size, "red").save(target, kind, **how)
    return target.getvalue()


def upload(person, pk, content, content_type="image/png"):
    return person.client.put(f"{PRODUCTS}/{pk}/image", content, content_type=content_type)


def names(answer):
    assert answer.status_code == 200, answer.content
    return [each["name"] for each in answer.json()["data"]]


class TestProducts:
    def test_are_answered_as_the_contract_shows(self, team):
        made = product(team.ada, sku="CONS-1", description="Hora", tax_rate=16, currency="mxn")
        assert {name: made[name] for name in ("sku", "description", "currency", "is_active")} == {
            "sku": "CONS-1",
            "description": "Hora",
            "currency": "MXN",
            "is_active": True,
        }
        assert (made["unit_price"], made["tax_rate"]) == (1500, 16)
        assert team.alice.get(f"{PRODUCTS}/{made['id']}").json()["data"] == made

    def test_change_by_what_is_sent(self, team):
        made = product(team.ada, sku="A")
        changed = team.mona.put(f"{PRODUCTS}/{made['id']}", {"unit_price": 1800.5}).json()["data"]
        assert (changed["unit_price"], changed["sku"]) == (1800.5, "A")
        same = team.mona.put(f"{PRODUCTS}/{made['id']}", changed)
        assert same.status_code == 200

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "x" * 256),
            ("name", {}),
            ("unit_price", -1),
            ("unit_price", 1234567890123),
            ("unit_price", None),
            ("tax_rate", 101),
            ("tax_rate", -1),
            ("currency", "XXX1"),
            ("sku", "x" * 101),
            ("sku", "a\0"),
            ("is_active", "perhaps"),
            ("category_id", 999),
            ("description", "x" * 5001),
        ],
    )
    def test_are_refused_with_the_fields_name(self, team, field, value):
        body = {"name": "A", "unit_price": 1, field: value}
        answer = team.ada.post(PRODUCTS, body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
        with tenant_scope(team.tenant.pk):
            assert not Product.objects.exists()

    def test_have_a_sku_of_their_own_among_the_living(self, team, rivals):
        made = product(team.ada, sku="A")
        product(rivals.ada, sku="A")
        other = product(team.ada, sku="B")
        for answer in (
            team.ada.post(PRODUCTS, {"name": "x", "unit_price": 1, "sku": "A"}),
            team.ada.put(f"{PRODUCTS}/{other['id']}", {"sku": "A"}),
        ):
            assert (answer.status_code, list(answer.json()["errors"])) == (422, ["sku"])
        team.ada.delete(f"{PRODUCTS}/{made['id']}")
        assert team.ada.get(f"{PRODUCTS}/{made['id']}").status_code == 404
        assert product(team.ada, sku="A")["id"] != made["id"]
        product(team.ada, sku="")
        product(team.ada, sku=None)

    def test_are_found(self, team, rivals):
        product(team.ada, name="Auditoría", sku="AUD-1", description="Completa")
        product(team.ada, name="Viejo", is_active=False)
        product(rivals.ada, name="Auditoría ajena")
        alice = team.alice
        assert names(alice.get(PRODUCTS, {"search": "auditoria"})) == ["Auditoría"]
        assert names(alice.get(PRODUCTS, {"search": "aud-1"})) == ["Auditoría"]
        assert names(alice.get(PRODUCTS, {"search": "completa"})) == ["Auditoría"]
        assert names(alice.get(PRODUCTS, {"active_only": "true"})) == ["Auditoría"]
        assert names(alice.get(PRODUCTS, {"active_only": "false"})) == ["Viejo", "Auditoría"]
        assert names(alice.get(PRODUCTS, {"sort": "name"})) == ["Auditoría", "Viejo"]
        assert alice.get(PRODUCTS, {"active_only": "x"}).status_code == 422

    def test_list_costs_four_statements(self, team, django_assert_num_queries):
        for number in range(3):
            product(team.ada, name=f"P{number}")
        with django_assert_num_queries(4):
            team.alice.get(PRODUCTS, {"search": "p1"})


class TestCategories:
    def test_are_listed_in_order_and_named_in_products(self, team):
        late = team.ada.post(CATEGORIES, {"name": "Late", "position": 2}).json()["data"]
        team.ada.post(CATEGORIES, {"name": "Early", "position": 1})
        assert names(team.alice.get(CATEGORIES)) == ["Early", "Late"]
        made = product(team.ada, category_id=late["id"])
        assert made["category_name"] == "Late"
        found = team.alice.get(PRODUCTS, {"category_id": late["id"]})
        assert names(found) == ["Consultoría Fiscal"]

    def test_are_renamed_and_not_named_alike(self, team):
        made = team.ada.post(CATEGORIES, {"name": "A"}).json()["data"]
        path = f"{CATEGORIES}/{made['id']}"
        assert team.ada.put(path, {"name": "A", "position": 3}).json()["data"]["position"] == 3
        assert team.ada.post(CATEGORIES, {"name": "a"}).status_code == 422

    def test_with_products_are_not_deleted(self, team):
        made = team.ada.post(CATEGORIES, {"name": "A"}).json()["data"]
        sold = product(team.ada, category_id=made["id"])
        path = f"{CATEGORIES}/{made['id']}"
        assert team.ada.delete(path).status_code == 409
        team.ada.delete(f"{PRODUCTS}/{sold['id']}")
        assert team.ada.delete(path).status_code == 200

    def test_of_others_do_not_exist(self, team, rivals):
        theirs = rivals.ada.post(CATEGORIES, {"name": "A"}).json()["data"]
        answer = team.ada.post(
            PRODUCTS, {"name": "x", "unit_price": 1, "category_id": theirs["id"]}
        )
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["category_id"])
        assert team.ada.delete(f"{CATEGORIES}/{theirs['id']}").status_code == 404


class TestPictures:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
    def test_come_back_as_webp_of_bearable_size(self, team, kind):
        made = product(team.ada)
        assert made["image_url"] is None
        answer = upload(team.ada, made["id"], picture(kind, (2400, 10)))
        assert answer.status_code == 200, answer.content
        url = answer.json()["data"]["image_url"]
        shown = team.alice.get(url)
        assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
        assert Image.open(BytesIO(shown.content)).size == (1200, 5)

    def test_hide_nothing_that_was_in_the_file(self, team):
        made = product(team.ada)
        exif = Image.Exif()
        exif[0x010E] = "<script>secret</script>"
        sneaky = picture("JPEG", exif=exif) + b"<script>alert(1)</script>"
        upload(team.ada, made["id"], sneaky)
        assert b"script" not in team.alice.get(f"{PRODUCTS}/{made['id']}/image").content

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"text",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
            b"%PDF-1.7",
            picture()[:40],
            picture("BMP"),
            picture("TIFF"),
        ],
    )
    def test_that_are_none_are_refused_whatever_they_are_called(self, team, content):
        made = product(team.ada)
        answer = upload(team.ada, made["id"], content)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["image"])
        with tenant_scope(team.tenant.pk):
            assert not ProductImage.objects.exists()

    def test_that_are_too_large_are_refused(self, team):
        made = product(team.ada)
        assert upload(team.ada, made["id"], b"x" * (5 * 1024**2 + 1)).status_code == 413
        assert upload(team.ada, made["id"], picture(size=(7000, 7000))).status_code == 422

    def test_are_replaced_taken_away_and_nobody_elses(self, team, rivals):
        made = product(team.ada)
        for _ in range(2):
            assert upload(team.ada, made["id"], picture()).status_code == 200
        path = f"{PRODUCTS}/{made['id']}/image"
        assert rivals.ada.get(path).status_code == 404
        assert upload(rivals.ada, made["id"], picture()).status_code == 404
        assert team.ada.delete(path).status_code == 200
        assert team.ada.get(path).status_code == 404
