"""Deals, pipelines and products in the back office."""

from __future__ import annotations

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.tenancy import tenant_scope
from sales.models import Deal, DeletedDeal, Pipeline, Product, ProductImage, Stage
from tests.sales.contacts.contacts_of import contact
from tests.sales.deals.deals_of import DEALS, another_pipeline, deal, pipeline, stage, stored
from tests.sales.products.test_products import picture
from tests.staff import errors_of, filled_in, messages_of, signed_in


def page(model, name, *args):
    return reverse(f"admin:sales_{model._meta.model_name}_{name}", args=args)


class TestDeals:
    def test_are_created_with_their_people_as_by_the_api(self, team):
        maria = contact(team.alice)
        browser, path = signed_in(team.alice.user), page(Deal, "add")
        sent = filled_in(browser.get(path), name="ERP", amount="10.50", stage=stage(team).pk)
        sent |= {"people-TOTAL_FORMS": 1, "people-0-contact": maria["id"]}
        answer = browser.post(path, sent)
        assert answer.status_code == 302, errors_of(answer)
        (made,) = team.alice.get(DEALS).json()["data"]
        assert (made["probability"], made["currency"], made["amount"]) == (50, "MXN", 10.5)
        shown = team.alice.get(f"{DEALS}/{made['id']}").json()["data"]
        assert [each["id"] for each in shown["contacts"]] == [maria["id"]]

    def test_are_moved_by_another_stage(self, team):
        made = deal(team, team.alice, probability=33)
        browser, path = signed_in(team.alice.user), page(Deal, "change", made["id"])
        browser.post(path, filled_in(browser.get(path), name="New"))
        assert (stored(team, made["id"]).name, stored(team, made["id"]).probability) == ("New", 33)
        browser.post(path, filled_in(browser.get(path), stage=stage(team, "Ganado").pk))
        found = stored(team, made["id"])
        assert (found.status, found.probability) == ("won", 100)
        assert found.closed_at is not None

    @pytest.mark.parametrize(
        ("field", "value"),
        [("amount", "-1"), ("amount", "1" * 13), ("currency", "XXX1"), ("probability", "101")],
    )
    def test_are_refused_as_by_the_api(self, team, field, value):
        made = deal(team, team.alice)
        browser, path = signed_in(team.alice.user), page(Deal, "change", made["id"])
        answer = browser.post(path, filled_in(browser.get(path), **{field: value}))
        assert list(errors_of(answer)) == [field]

    def test_of_a_stage_of_another_tenant_are_refused(self, team, rivals):
        made = deal(team, team.alice)
        browser, path = signed_in(team.alice.user), page(Deal, "change", made["id"])
        answer = browser.post(path, filled_in(browser.get(path), stage=stage(rivals).pk))
        assert list(errors_of(answer)) == ["stage"]

    def test_of_others_are_not_there(self, team, rivals):
        made = deal(team, team.alice, name="Hers alone")
        for person in (team.bob, rivals.ada):
            browser = signed_in(person.user)
            assert b"Hers alone" not in browser.get(page(Deal, "changelist")).content
            assert browser.get(page(Deal, "change", made["id"])).status_code == 404

    def test_are_moved_won_and_lost_together(self, team):
        ids = [deal(team, team.alice)["id"] for _ in range(2)]
        browser, path = signed_in(team.mona.user), page(Deal, "changelist")
        chosen = {ACTION_CHECKBOX_NAME: ids}
        assert browser.post(path, {"action": "lose", **chosen}).status_code == 200
        sent = {"action": "lose", "apply": 1, "lost_reason": "Precio", **chosen}
        assert "2" in messages_of(browser.post(path, sent, follow=True))
        assert {stored(team, pk).lost_reason for pk in ids} == {"Precio"}
        browser.post(path, {"action": "win", "apply": 1, **chosen})
        assert {stored(team, pk).status for pk in ids} == {"won"}
        there = another_pipeline(team)["stages"][0]["id"]
        browser.post(path, {"action": "move", "apply": 1, "stage": there, **chosen})
        assert {stored(team, pk).stage_id for pk in ids} == {there}

    def test_are_deleted_softly_and_restored(self, team):
        made = deal(team, team.alice)
        browser = signed_in(team.mona.user)
        browser.post(page(Deal, "delete", made["id"]), {"post": "yes"})
        assert stored(team, made["id"]).deleted_at is not None
        chosen = {"action": "restore", ACTION_CHECKBOX_NAME: [made["id"]]}
        browser.post(page(DeletedDeal, "changelist"), chosen)
        assert stored(team, made["id"]).deleted_at is None
        assert team.alice.get(f"{DEALS}/{made['id']}").status_code == 200


class TestPipelines:
    def test_start_with_stages_and_show_them_at_once(self, team):
        browser, path = signed_in(team.ada.user), page(Pipeline, "add")
        answer = browser.post(path, filled_in(browser.get(path), name="Renovaciones"))
        with tenant_scope(team.tenant.pk):
            made = Pipeline.objects.get(name="Renovaciones")
            assert made.stages.count() == 6
        assert answer["Location"] == page(Pipeline, "change", made.pk)

    def test_have_their_stages_changed_on_one_page(self, team):
        browser, path = signed_in(team.ada.user), page(Pipeline, "change", pipeline(team).pk)
        sent = filled_in(browser.get(path))
        sent |= {"stages-0-name": "Nuevo", "stages-0-color": "#123456", "stages-1-DELETE": "on"}
        assert browser.post(path, sent).status_code == 302
        with tenant_scope(team.tenant.pk):
            names = list(Stage.objects.in_order().values_list("name", flat=True))
        assert names == ["Nuevo", "Propuesta", "Negociacion", "Ganado", "Perdido"]

    def test_keep_stages_with_deals(self, team):
        deal(team, team.alice, stage_name="Prospecto")
        browser, path = signed_in(team.ada.user), page(Pipeline, "change", pipeline(team).pk)
        answer = browser.post(path, filled_in(browser.get(path)) | {"stages-0-DELETE": "on"})
        assert answer.status_code == 200
        assert "Prospecto" in str(errors_of(answer))
        answer = browser.post(page(Pipeline, "delete", pipeline(team).pk), {"post": "yes"})
        assert answer.status_code == 302
        assert stage(team, "Prospecto").pk

    def test_are_for_looking_to_sales_people(self, team):
        browser = signed_in(team.alice.user)
        assert browser.get(page(Pipeline, "add")).status_code == 403
        assert browser.get(page(Pipeline, "change", pipeline(team).pk)).status_code == 200


class TestProducts:
    def test_are_sold_with_a_picture(self, team):
        browser, path = signed_in(team.ada.user), page(Product, "add")
        form = filled_in(browser.get(path), name="Auditoría", unit_price="85000", sku="AUD")
        upload = SimpleUploadedFile("x.png", picture(), "image/png")
        answer = browser.post(path, {**form, "new_picture": upload})
        assert answer.status_code == 302, errors_of(answer)
        with tenant_scope(team.tenant.pk):
            made = Product.objects.get()
            assert (made.currency, made.sku) == ("MXN", "AUD")
            assert ProductImage.objects.get(product=made)
        assert team.alice.get("/api/v1/products", {"search": "auditoria"}).json()["data"]

    def test_are_refused_with_what_is_no_picture_or_a_sku_that_is_taken(self, team):
        browser, path = signed_in(team.ada.user), page(Product, "add")
        form = filled_in(browser.get(path), name="A", unit_price="1", sku="A")
        bad = SimpleUploadedFile("x.png", b"<script>", "image/png")
        answer = browser.post(path, {**form, "new_picture": bad})
        assert list(errors_of(answer)) == ["new_picture"]
        browser.post(path, form)
        assert errors_of(browser.post(path, form))

    def test_are_deleted_softly(self, team):
        body = {"name": "A", "unit_price": 1}
        made = team.ada.post("/api/v1/products", body).json()["data"]
        signed_in(team.ada.user).post(page(Product, "delete", made["id"]), {"post": "yes"})
        with tenant_scope(team.tenant.pk):
            assert Product.all_objects.get().deleted_at is not None
