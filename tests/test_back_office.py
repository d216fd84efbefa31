from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Session, Tenant, User
from clients.models import Company
from core.tenancy import across_tenants, tenant_scope
from prospects.followups.services import add_note
from prospects.models import (
    Contact,
    FollowUpNote,
    Locale,
    Prospect,
    Service,
)
from sales.models import Invoice, Settlement
from tests.back_office.rows_of import a_row_of_each
from tests.people import PASSWORD, Team
from tests.prospects.cards_of import card, category
from tests.staff import errors_of, filled_in, make_operator, messages_of, signed_in


def page(model: Any, name: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def rows(team: Team) -> dict[Any, Any]:
    return a_row_of_each(team)


@pytest.fixture
def operator(db: None) -> Client:
    return signed_in(make_operator())


class TestEveryPage:
    def test_shows_its_list_and_rows_to_an_admin(self, team: Team, rows: dict[Any, Any]) -> None:
        self._opens_all(signed_in(team.ada.user), rows)

    def test_shows_its_list_and_rows_to_an_operator(
        self, operator: Client, rows: dict[Any, Any]
    ) -> None:
        self._opens_all(operator, rows)

    def test_shows_its_list_and_rows_to_an_operator_who_chose_a_tenant(
        self, operator: Client, team: Team, rows: dict[Any, Any]
    ) -> None:
        operator.post(reverse("admin:choose_tenant"), {"tenant": team.tenant.pk})
        self._opens_all(operator, rows)
        for model in (Prospect, Service, User, Locale, Tenant):
            assert operator.get(page(model, "add")).status_code == 200

    def _opens_all(self, browser: Client, rows: dict[Any, Any]) -> None:
        assert browser.get(reverse("admin:index")).status_code == 200
        for model, row in rows.items():
            assert row is not None, model
            listed = browser.get(page(model, "changelist"), {"q": "a"})
            assert listed.status_code == 200, model
            assert browser.get(page(model, "change", row.pk)).status_code == 200, model

    def test_hides_groups_and_what_no_role_is_about(self) -> None:
        assert Group not in admin.site._registry

    @pytest.mark.parametrize("who", ["admin", "manager", "sales", "viewer"])
    def test_answers_within_twelve_statements(
        self, team: Team, rows: dict[Any, Any], who: str
    ) -> None:
        browser = signed_in(team.everybody[who].user)
        for number in range(30):
            card(team, owner=team.alice, company_name=f"Card {number}")
        ContentType.objects.get_for_models(*rows)  # a process asks for them once
        for model in rows:
            with CaptureQueriesContext(connection) as asked:
                answer = browser.get(page(model, "changelist"))
            assert answer.status_code in (200, 403), model
            assert len(asked) <= 12, (model, [each["sql"] for each in asked])

    def test_shows_html_in_data_as_text(self, team: Team) -> None:
        nasty = "<script>alert(1)</script>"
        made = card(team, owner=team.ada, company_name=nasty, name=nasty, annotations=nasty)
        with tenant_scope(team.tenant.pk):
            at = timezone.now()
            add_note(prospect_id=made.pk, note=nasty, by=team.ada.user, at=at)
        browser = signed_in(team.ada.user)
        for path in (page(Prospect, "changelist"), page(Prospect, "change", made.pk)):
            assert nasty not in browser.get(path).content.decode()

    def test_speaks_the_language_of_the_tenant(self, team: Team) -> None:
        browser = signed_in(team.ada.user)
        assert "Prospectos" in browser.get(reverse("admin:index")).content.decode()
        Tenant.objects.filter(pk=team.tenant.pk).update(language="en")
        assert "Prospects" in browser.get(reverse("admin:index")).content.decode()

    def test_refuses_an_address_with_a_nul(self, team: Team) -> None:
        browser = signed_in(team.ada.user)
        assert browser.get(page(Prospect, "changelist") + "?q=%00").status_code == 400


class TestOutsiders:
    def test_strangers_are_sent_to_sign_in(self, rows: dict[Any, Any]) -> None:
        for model in rows:
            answer = Client().get(page(model, "changelist"))
            assert answer.status_code == 302
            assert answer["Location"].startswith(reverse("admin:login"))

    def test_another_tenants_rows_do_not_exist(self, rivals: Team, rows: dict[Any, Any]) -> None:
        browser = signed_in(rivals.ada.user)
        for model, row in rows.items():
            if model in (Locale, Settlement):  # everybody's
                continue
            for name in ("change", "delete", "history"):
                answer = browser.get(page(model, name, row.pk))
                assert answer.status_code in (403, 404), (model, name)
            assert browser.post(page(model, "change", row.pk), {}).status_code in (403, 404)

    def test_lists_and_their_filters_show_nothing_of_another_tenant(
        self, rivals: Team, rows: dict[Any, Any]
    ) -> None:
        browser = signed_in(rivals.ada.user)
        foreign = rows[Prospect].category_id
        path = page(Prospect, "changelist")
        for query in ({}, {"category__id__exact": foreign}, {"_popup": 1}, {"q": "Acme"}):
            shown = browser.get(path, query, follow=True)
            assert "Acme Corp" not in shown.content.decode()
        assert "Acme" not in browser.get(page(Company, "changelist")).content.decode()
        for model in (User, Session):
            assert "acme.test" not in browser.get(page(model, "changelist")).content.decode()

    def test_look_ups_show_nothing_of_another_tenant(
        self, rivals: Team, rows: dict[Any, Any]
    ) -> None:
        browser = signed_in(rivals.ada.user)
        for model, field in (("prospect", "category"), ("company", "prospect")):
            app = "clients" if model == "company" else "prospects"
            query = {"app_label": app, "model_name": model, "field_name": field, "term": "a"}
            answer = browser.get(reverse("admin:autocomplete"), query)
            assert "Acme" not in answer.content.decode()

    def test_a_to_field_beyond_the_key_is_refused(self, team: Team) -> None:
        browser = signed_in(team.ada.user)
        path = page(Prospect, "changelist")
        assert browser.get(path, {"_to_field": "search_text"}).status_code == 400

    def test_rows_of_two_tenants_cannot_be_deleted_or_edited_in_a_list(
        self, team: Team, rivals: Team
    ) -> None:
        with tenant_scope(team.tenant.pk):
            service = Service.objects.create(name="ours", position=1)
        browser = signed_in(rivals.ada.user)
        path = page(Service, "changelist")
        browser.post(
            path,
            {"action": "delete_selected", "_selected_action": [service.pk], "post": "yes"},
        )
        browser.post(
            path,
            {
                "form-TOTAL_FORMS": 1,
                "form-INITIAL_FORMS": 1,
                "form-0-id": service.pk,
                "form-0-position": 77,
                "_save": "Save",
            },
        )
        with tenant_scope(team.tenant.pk):
            kept = Service.objects.get(pk=service.pk)
        assert (kept.position, kept.is_active) == (1, True)


class TestOperator:
    def test_sees_every_tenant_until_one_is_chosen(
        self, operator: Client, team: Team, rivals: Team
    ) -> None:
        card(team, company_name="Ours")
        card(rivals, company_name="Theirs")
        path = page(Prospect, "changelist")
        everything = operator.get(path).content.decode()
        assert "Ours" in everything
        assert "Theirs" in everything
        operator.post(reverse("admin:choose_tenant"), {"tenant": rivals.tenant.pk})
        chosen = operator.get(path).content.decode()
        assert "Ours" not in chosen
        assert "Theirs" in chosen
        operator.post(reverse("admin:choose_tenant"), {"tenant": ""})
        assert "Ours" in operator.get(path).content.decode()

    def test_is_asked_to_choose_a_tenant_before_adding(self, operator: Client, team: Team) -> None:
        for model in (Prospect, Service, User):
            answer = operator.post(page(model, "add"), {"name": "x"}, follow=True)
            assert answer.status_code == 200
            assert answer.redirect_chain
            assert messages_of(answer)

    def test_adds_to_the_chosen_tenant(self, operator: Client, team: Team) -> None:
        operator.post(reverse("admin:choose_tenant"), {"tenant": team.tenant.pk})
        operator.post(page(Service, "add"), {"name": "Drones", "position": 3})
        with across_tenants():
            assert Service.objects.get(name="Drones").tenant_id == team.tenant.pk

    def test_lives_in_the_day_of_the_chosen_tenant(self, operator: Client, team: Team) -> None:
        Tenant.objects.filter(pk=team.tenant.pk).update(time_zone="Pacific/Kiritimati")
        operator.post(reverse("admin:choose_tenant"), {"tenant": team.tenant.pk})
        ours = ZoneInfo("Pacific/Kiritimati")
        form = operator.get(page(Invoice, "add")).context["adminform"].form
        # 14 hours ahead of UTC, the operator's own zone: another day for most of the day.
        assert form.initial["issued_at"] == datetime.now(ours).date()

    def test_edits_a_row_inside_its_own_tenant(
        self, operator: Client, team: Team, rivals: Team
    ) -> None:
        made = card(team, company_name="Ours", name="Ana")
        path = page(Prospect, "change", made.pk)
        form = operator.get(path)
        foreign = category(rivals, "contacted").pk
        refused = operator.post(path, filled_in(form, category=foreign))
        assert "category" in errors_of(refused)
        operator.post(path, filled_in(form, name="Eva Paz"))
        with tenant_scope(team.tenant.pk):
            assert Contact.objects.get(prospect=made).name == "Eva Paz"

    def test_cannot_choose_what_is_not_a_tenant(self, operator: Client) -> None:
        answer = operator.post(reverse("admin:choose_tenant"), {"tenant": 999_999})
        assert "tenant" in errors_of(answer)

    def test_is_the_only_one_who_chooses(self, team: Team, rivals: Team) -> None:
        browser = signed_in(team.ada.user)
        answer = browser.post(reverse("admin:choose_tenant"), {"tenant": rivals.tenant.pk})
        assert answer.status_code == 403


class TestRoles:
    @pytest.mark.parametrize(
        ("who", "statuses"),
        [
            ("admin", {"prospect": 200, "service": 200, "user": 200}),
            ("manager", {"prospect": 200, "service": 200, "user": 403}),
            ("sales", {"prospect": 200, "service": 403, "user": 403}),
            ("viewer", {"prospect": 403, "service": 403, "user": 403}),
        ],
    )
    def test_decide_who_adds(self, team: Team, who: str, statuses: dict[str, int]) -> None:
        browser = signed_in(team.everybody[who].user)
        models = {"prospect": Prospect, "service": Service, "user": User}
        found = {name: browser.get(page(m, "add")).status_code for name, m in models.items()}
        assert found == statuses

    def test_a_viewer_looks_and_cannot_write(self, team: Team, rows: dict[Any, Any]) -> None:
        browser = signed_in(team.victor.user)
        for model in (Prospect, Service, FollowUpNote, Company):
            row = rows[model]
            assert browser.get(page(model, "change", row.pk)).status_code == 200
            assert browser.post(page(model, "change", row.pk), {"name": "x"}).status_code == 403

    def test_sales_people_see_only_their_own_cards_and_what_hangs_on_them(
        self, team: Team, rows: dict[Any, Any]
    ) -> None:
        browser = signed_in(team.alice.user)
        for model in (Prospect, Contact, FollowUpNote, Company):
            assert browser.get(page(model, "change", rows[model].pk)).status_code == 404, model
            shown = browser.get(page(model, "changelist")).content.decode()
            assert "Acme Corp" not in shown
            assert "lead@acme.test" not in shown


class TestSignIn:
    def _try(self, email: str, password: str = PASSWORD) -> Any:
        return Client().post(reverse("admin:login"), {"username": email, "password": password})

    def test_leads_to_the_back_office(self, team: Team) -> None:
        page_shown = Client().get(reverse("admin:login"))
        assert 'name="next" value="/admin/"' in page_shown.content.decode()
        answer = Client().post(
            reverse("admin:login"),
            {"username": "ada@acme.test", "password": PASSWORD, "next": "/admin/"},
        )
        assert answer["Location"] == "/admin/"

    def test_refuses_who_is_not_staff(self, team: Team) -> None:
        with tenant_scope(team.tenant.pk):
            User.objects.filter(pk=team.bob.id).update(is_staff=False)
        assert self._try("bob@acme.test").status_code == 200

    def test_a_new_role_and_leaving_count_from_the_next_request(self, team: Team) -> None:
        browser, people = signed_in(team.ada.user), page(User, "changelist")
        assert browser.get(people).status_code == 200
        with tenant_scope(team.tenant.pk):
            User.objects.filter(pk=team.ada.id).update(role="sales")
        assert browser.get(people).status_code == 403
        for gone in ({"is_staff": False}, {"is_staff": True, "is_active": False}):
            with tenant_scope(team.tenant.pk):
                User.objects.filter(pk=team.ada.id).update(**gone)
            answer = browser.get(reverse("admin:index"))
            assert answer["Location"].startswith(reverse("admin:login"))

    def test_refuses_a_closed_tenant_and_ends_its_sessions(self, team: Team) -> None:
        browser = signed_in(team.ada.user)
        Tenant.objects.filter(pk=team.tenant.pk).update(is_active=False)
        assert self._try("ada@acme.test").status_code == 200
        assert browser.get(reverse("admin:index")).status_code == 302

    @override_settings(CRM_LOGIN_TRIES_PER_MINUTE=2)
    def test_is_throttled_together_with_the_api(self, team: Team) -> None:
        wrong = {"email": "ada@acme.test", "password": "wrong"}
        Client().post("/api/v1/auth/login", wrong, content_type="application/json")
        assert self._try("ADA@acme.test ", "wrong").status_code == 200
        refused = self._try("ada@acme.test")
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) > 0
        assert "html" in refused["Content-Type"]
        assert self._try("bob@acme.test").status_code == 302


class TestTemplates:
    @pytest.mark.parametrize(
        "template", sorted(Path(settings.BASE_DIR).glob("*/templates/**/*.html"))
    )
    def test_bring_the_words_of_the_scripts_that_they_load(self, template: Path) -> None:
        before, media, _ = template.read_text(encoding="utf-8").partition("{{ media }}")
        assert not media or "admin:jsi18n" in before
