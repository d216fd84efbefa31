from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clients.models import AccountPayment, Company, Shipment
from core.tenancy import tenant_scope
from prospects.models import (
    Contact,
    Content,
    FollowUpCategory,
    FollowUpNote,
    Locale,
    Prospect,
    ProspectService,
    Service,
    TeamAssignment,
)
from tests.people import Team
from tests.prospects.cards_of import card, category
from tests.staff import errors_of, filled_in, form_of, make_operator, messages_of, signed_in

LIST = "admin:prospects_prospect_changelist"


def of_card(name: str, *args: Any) -> str:
    return reverse(f"admin:prospects_prospect_{name}", args=args)


def story(browser: Client, pk: int) -> str:
    """A card's page with all of its tabs."""
    pages = [browser.get(of_card("change", pk))]
    pages += [browser.get(of_card("part", pk, name)) for name in pages[0].context["parts"]]
    assert {page.status_code for page in pages} == {200}
    return "".join(page.content.decode() for page in pages)


def shown_in(page: Any) -> set[str]:
    """The companies that a page of the list shows."""
    return {row.company_name for row in page.context["cl"].result_list}


def again(row: Any) -> Any:
    with tenant_scope(row.tenant_id):
        return type(row).all_objects.get(pk=row.pk)


@pytest.fixture
def ada(team: Team) -> Client:
    return signed_in(team.ada.user)


@pytest.fixture
def alice(team: Team) -> Client:
    return signed_in(team.alice.user)


class TestList:
    def test_search_ignores_case_and_accents_and_finds_phones(
        self, ada: Client, team: Team
    ) -> None:
        card(team, company_name="Cafés Ñandú")
        card(team, company_name="Other", phone_code="52", phone="5512345678")
        for text, found in (("CAFES nandu", "Cafés Ñandú"), ("1234567", "Other")):
            assert shown_in(ada.get(reverse(LIST), {"q": text})) == {found}
        assert shown_in(ada.get(reverse(LIST), {"q": "50%"})) == set()

    def test_filters_by_category_owner_and_days(self, ada: Client, team: Team) -> None:
        old = timezone.now() - timedelta(days=40)
        card(team, company_name="Old", at=old, owner=team.alice, category_name="contacted")
        card(team, company_name="New")
        contacted = category(team, "contacted").pk
        day = timezone.localtime(old).date() + timedelta(days=1)
        for query in (
            {"category__id__exact": contacted},
            {"owner__id__exact": team.alice.id},
            {"created_at_to": day.isoformat()},
        ):
            assert shown_in(ada.get(reverse(LIST), query)) == {"Old"}

    @pytest.mark.parametrize(
        "query",
        [
            {"created_at_from": "yesterday"},
            {"created_at_to": "99999-01-01"},
            {"created_at_to": "9999-12-31"},
            {"category__id__exact": "x"},
            {"category__id__exact": "9" * 30},
            {"p": "x"},
            {"o": "99"},
            {"q": "x" * 5000},
            {"type__exact": "'"},
        ],
    )
    def test_bears_nonsense(self, ada: Client, team: Team, query: dict[str, str]) -> None:
        card(team)
        assert ada.get(reverse(LIST), query, follow=True).status_code == 200

    def test_sales_people_find_only_their_cards(self, alice: Client, team: Team) -> None:
        card(team, company_name="Mine", owner=team.alice)
        card(team, company_name="Shared", team_roles={"csr": team.alice})
        card(team, company_name="Other's", owner=team.bob)
        assert shown_in(alice.get(reverse(LIST))) == {"Mine", "Shared"}
        assert shown_in(alice.get(reverse(LIST), {"q": "other"})) == set()


class TestAdd:
    def test_normalises_and_makes_the_primary_contact(self, ada: Client, team: Team) -> None:
        new = filled_in(
            ada.get(of_card("add")),
            company_name="Acme",
            name="Ana Paz",
            email="Ana <ANA@Acme.mx>",
            phone_code="",
            phone="044 55 1234-5678",
        )
        assert ada.post(of_card("add"), new).status_code == 302
        with tenant_scope(team.tenant.pk):
            made = Prospect.objects.get()
            person = Contact.objects.get(prospect=made)
        assert (made.email, made.e164) == ("ana@acme.mx", "+525512345678")
        assert (made.owner_id, made.category.name) == (team.ada.id, "new_lead")
        assert (person.first_name, person.is_primary) == ("Ana", True)

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"email": "taken@acme.mx"}, "__all__"),
            ({"phone": "5512345678"}, "__all__"),
            ({"external_id": "X-1"}, "__all__"),
            ({"email": "nonsense"}, "email"),
            ({"phone": "12"}, "phone"),
            ({"company_name": "x" * 10_000}, "company_name"),
            ({"company_name": "a\0b"}, "company_name"),
            ({"account_value": "-1"}, "__all__"),
            ({"account_value": "1e400"}, "account_value"),
            ({"monthly_shipments": "99999999999"}, "monthly_shipments"),
            ({"estimated_close_date": "99999-01-01"}, "estimated_close_date"),
            ({"company_name": "", "name": ""}, "__all__"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, ada: Client, team: Team, values: dict[str, str], field: str
    ) -> None:
        keys = {"email": "taken@acme.mx", "phone_code": "52", "phone": "5512345678"}
        card(team, external_id="X-1", **keys)
        typed = {"company_name": "New", "channel": "fair", **values}
        answer = ada.post(of_card("add"), filled_in(ada.get(of_card("add")), **typed))
        assert field in errors_of(answer)
        assert 'value="fair"' in answer.content.decode()
        with tenant_scope(team.tenant.pk):
            assert Prospect.objects.count() == 1


class TestEdit:
    def test_changes_the_card_its_team_and_interests(self, ada: Client, team: Team) -> None:
        made = card(team, owner=team.alice, name="Ana", email="ana@acme.mx")
        with tenant_scope(team.tenant.pk):
            wanted = Service.objects.order_by("pk").first()
        path = of_card("change", made.pk)
        moved = category(team, "qualified")
        changes = filled_in(
            ada.get(path),
            name="Eva Paz",
            category=moved.pk,
            team_csr=team.bob.id,
            services=[wanted.pk],
            account_value="1234.50",
        )
        assert ada.post(path, changes).status_code == 302
        now = again(made)
        assert (now.name, now.category_id, str(now.account_value)) == (
            "Eva Paz",
            moved.pk,
            "1234.50",
        )
        assert now.category_changed_at > made.category_changed_at
        with tenant_scope(team.tenant.pk):
            assert Contact.objects.get(prospect=made).first_name == "Eva"
            assert TeamAssignment.objects.get(prospect=made).user_id == team.bob.id
            assert [row.service_id for row in made.interests.all()] == [wanted.pk]
        shown = story(ada, made.pk)
        assert "Ada Admin" in shown
        assert "Eva Paz" in shown

    def test_saved_unchanged_writes_nothing(self, ada: Client, team: Team) -> None:
        made = card(
            team, owner=team.alice, email="ana@acme.mx", phone_code="52", phone="5512345678"
        )
        path = of_card("change", made.pk)
        assert ada.post(path, filled_in(ada.get(path))).status_code == 302
        assert again(made).updated_at == made.updated_at

    def test_refuses_anothers_email(self, ada: Client, team: Team) -> None:
        card(team, email="taken@acme.mx")
        made = card(team, email="mine@acme.mx")
        path = of_card("change", made.pk)
        answer = ada.post(path, filled_in(ada.get(path), email="Taken@acme.mx"))
        assert errors_of(answer)
        assert again(made).email == "mine@acme.mx"

    @pytest.mark.parametrize("field", ["owner", "category", "content", "services", "team_kae"])
    def test_refuses_choices_of_another_tenant(
        self, ada: Client, team: Team, rivals: Team, field: str
    ) -> None:
        made = card(team, owner=team.alice)
        with tenant_scope(rivals.tenant.pk):
            foreign = {
                "owner": rivals.alice.id,
                "team_kae": rivals.alice.id,
                "category": FollowUpCategory.objects.first().pk,
                "content": Content.objects.first().pk,
                "services": [Service.objects.first().pk],
            }
        path = of_card("change", made.pk)
        answer = ada.post(path, filled_in(ada.get(path), **{field: foreign[field]}))
        assert field in errors_of(answer)
        assert again(made).owner_id == team.alice.id

    def test_ignores_what_is_not_in_the_form(self, ada: Client, team: Team, rivals: Team) -> None:
        made = card(team)
        path = of_card("change", made.pk)
        forged = {"tenant": rivals.tenant.pk, "deleted_at_0": "2026-01-01", "type": 3}
        ada.post(path, filled_in(ada.get(path), **forged, search_text="x"))
        now = again(made)
        assert (now.tenant_id, now.deleted_at, now.type) == (team.tenant.pk, None, 1)

    def test_keeps_an_inactive_owner_and_entry(self, ada: Client, team: Team) -> None:
        with tenant_scope(team.tenant.pk):
            old = Content.objects.create(name="retired", is_active=False)
            team.alice.user.is_active = False
            team.alice.user.save()
        made = card(team, owner=team.alice, content_id=old.pk)
        path = of_card("change", made.pk)
        ada.post(path, filled_in(ada.get(path), channel="fair"))
        now = again(made)
        assert (now.owner_id, now.content_id, now.channel) == (team.alice.id, old.pk, "fair")

    def test_others_cards_do_not_exist(self, alice: Client, team: Team) -> None:
        made = card(team, owner=team.bob)
        for name in ("change", "log_contact", "plan_contact", "move_card", "history"):
            assert alice.get(of_card(name, made.pk)).status_code == 404, name
        for name in ("log_contact", "plan_contact", "move_card"):
            assert alice.post(of_card(name, made.pk), {"note": "x"}).status_code == 404

    def test_is_shown_read_only_to_a_viewer(self, team: Team) -> None:
        made = card(team, owner=team.bob, team_roles={"csr": team.alice})
        page = signed_in(team.victor.user).get(of_card("change", made.pk))
        assert "Alice" in page.content.decode()
        assert 'name="_save"' not in page.content.decode()

    def test_shows_the_account_of_its_company(self, ada: Client, team: Team) -> None:
        made = card(team)
        with tenant_scope(team.tenant.pk):
            company, at = Company.objects.create(prospect=made), timezone.now()
            AccountPayment.objects.create(company=company, amount=500, currency="MXN", paid_at=at)
            Shipment.objects.create(
                company=company, charge="120.50", currency="MXN", carrier="Estafeta", shipped_at=at
            )
        shown = story(ada, made.pk)
        assert reverse("admin:clients_company_change", args=(company.pk,)) in shown
        assert "379,50" in shown or "379.50" in shown
        assert "Estafeta" in shown

    def test_needs_twelve_statements_at_most(
        self, ada: Client, team: Team, django_assert_max_num_queries: Any
    ) -> None:
        made = card(team, owner=team.alice, team_roles={"csr": team.bob})
        ada.get(of_card("change", made.pk))
        with django_assert_max_num_queries(12):
            ada.get(of_card("change", made.pk))
        with django_assert_max_num_queries(9):
            ada.get(of_card("add"))


class TestTabs:
    def test_show_the_form_and_each_part_of_the_story(self, ada: Client, team: Team) -> None:
        made = card(team)
        assert self._tabs(ada, made) == [
            *("general", "timeline", "under-way", "notes", "contacts"),
            "locations",
            "access",
            "changes",
        ]
        with tenant_scope(team.tenant.pk):
            Company.objects.create(prospect=made)
        assert "company" in self._tabs(ada, made)

    def test_show_what_is_known_of_a_partner(self, ada: Client, team: Team) -> None:
        assert "partner_data" in self._tabs(ada, card(team, type=Prospect.Type.PARTNER))

    def _tabs(self, browser: Client, made: Prospect) -> list[str]:
        """The tabs' names; each of them has something on the page that it shows."""
        shown = browser.get(of_card("change", made.pk)).content.decode()
        names = re.findall(r"x-on:click=\"activeTab = '([\w-]+)'\"", shown)
        for name in names:
            assert re.search(rf"x-show=\"activeTab == '{name}'\"", shown), name
        return names


class TestQuickActions:
    def _paths(self, browser: Client, made: Prospect) -> list[str]:
        page = browser.get(of_card("change", made.pk))
        return [each["path"] for each in page.context["quick_actions"]]

    def test_are_on_the_page_for_who_may(self, alice: Client, team: Team) -> None:
        made = card(team, owner=team.alice)
        names = ("log_contact", "plan_contact", "move_card", "become_client")
        shown = alice.get(of_card("change", made.pk)).content.decode()
        for name in names:
            assert shown.count(f'href="{of_card(name, made.pk)}"') == 1, name
        assert (
            signed_in(team.victor.user).get(of_card("change", made.pk)).context["quick_actions"]
            == []
        )

    def test_plan_the_next_contact(self, alice: Client, team: Team) -> None:
        made = card(team, owner=team.alice)
        path = of_card("plan_contact", made.pk)
        asked = filled_in(alice.get(path), scheduled_at_0="2030-01-02", scheduled_at_1="10:00")
        assert alice.post(path, asked)["Location"] == of_card("change", made.pk)
        assert again(made).next_contact_at.isoformat() == "2030-01-02T16:00:00+00:00"

    def test_plan_nothing_without_a_day(self, alice: Client, team: Team) -> None:
        made = card(team, owner=team.alice)
        form = {"action": "call", "note": "x", "scheduled_at_0": "", "scheduled_at_1": ""}
        assert "scheduled_at" in errors_of(alice.post(of_card("plan_contact", made.pk), form))
        with tenant_scope(team.tenant.pk):
            assert not FollowUpNote.objects.exists()

    def test_move_the_card(self, alice: Client, team: Team) -> None:
        made = card(team, owner=team.alice)
        path, to = of_card("move_card", made.pk), category(team, "contacted")
        assert form_of(alice.get(path))["category"].value() == made.category_id
        assert alice.post(path, {"category": to.pk})["Location"] == of_card("change", made.pk)
        assert again(made).category_id == to.pk

    def test_do_not_move_it_to_another_tenants_category(
        self, alice: Client, team: Team, rivals: Team
    ) -> None:
        made = card(team, owner=team.alice)
        for wrong in (category(rivals, "contacted").pk, "x", ""):
            refused = alice.post(of_card("move_card", made.pk), {"category": wrong})
            assert "category" in errors_of(refused)
        assert again(made).category_id == made.category_id

    def test_are_not_for_viewers(self, team: Team) -> None:
        made, victor = card(team), signed_in(team.victor.user)
        for name in ("plan_contact", "move_card"):
            assert victor.post(of_card(name, made.pk), {}).status_code == 403


class TestLogContact:
    def test_writes_a_note_moves_the_card_and_plans_the_next(
        self, alice: Client, team: Team
    ) -> None:
        made = card(team, owner=team.alice)
        moved = category(team, "contacted")
        note = {
            "action": "call",
            "note": "Wants a quote",
            "scheduled_at_0": "2030-01-02",
            "scheduled_at_1": "10:00",
            "category": moved.pk,
        }
        answer = alice.post(of_card("log_contact", made.pk), note)
        assert answer["Location"] == of_card("change", made.pk)
        now = again(made)
        assert now.category_id == moved.pk
        assert now.next_contact_at.isoformat() == "2030-01-02T16:00:00+00:00"  # 10:00 in Mexico
        with tenant_scope(team.tenant.pk):
            written = FollowUpNote.objects.get()
        assert (written.action, written.created_by_id) == ("call", team.alice.id)
        assert "Wants a quote" in story(alice, made.pk)

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"note": ""}, "note"),
            ({"note": "x" * 10_001}, "note"),
            ({"action": "dance"}, "action"),
            ({"scheduled_at_0": "2030-13-45"}, "scheduled_at"),
        ],
    )
    def test_says_what_is_wrong(
        self, alice: Client, team: Team, values: dict[str, str], field: str
    ) -> None:
        made = card(team, owner=team.alice)
        good = {"action": "call", "note": "x", "scheduled_at_1": "10:00"}
        answer = alice.post(of_card("log_contact", made.pk), good | values)
        assert field in errors_of(answer)
        with tenant_scope(team.tenant.pk):
            assert not FollowUpNote.objects.exists()

    def test_refuses_a_category_of_another_tenant(
        self, alice: Client, team: Team, rivals: Team
    ) -> None:
        made = card(team, owner=team.alice)
        foreign = category(rivals, "contacted").pk
        form = {"action": "call", "note": "x", "category": foreign}
        assert "category" in errors_of(alice.post(of_card("log_contact", made.pk), form))

    def test_is_not_for_viewers(self, team: Team) -> None:
        made = card(team)
        victor = signed_in(team.victor.user)
        path = of_card("log_contact", made.pk)
        assert victor.post(path, {"action": "call", "note": "x"}).status_code == 403


class TestManyAtOnce:
    def _act(self, browser: Client, action: str, ids: list[int], **more: Any) -> Any:
        form = {"action": action, "_selected_action": ids, **more}
        return browser.post(reverse(LIST), form, follow=True)

    def test_moves_after_asking_where(self, ada: Client, team: Team) -> None:
        cards = [card(team, company_name=str(number)) for number in range(3)]
        ids = [each.pk for each in cards]
        asked = self._act(ada, "move", ids[:2])
        assert [value for name, value in asked.context["hidden"]][:2] == ids[:2]
        moved = category(team, "contacted").pk
        self._act(ada, "move", ids[:2], apply=1, category=moved)
        assert [again(each).category_id == moved for each in cards] == [True, True, False]

    def test_hands_over_to_a_colleague(self, ada: Client, team: Team) -> None:
        made = card(team, owner=team.alice)
        self._act(ada, "hand_over", [made.pk], apply=1, owner=team.bob.id)
        assert again(made).owner_id == team.bob.id

    def test_refuses_choices_and_cards_of_another_tenant(
        self, ada: Client, team: Team, rivals: Team
    ) -> None:
        ours, theirs = card(team, owner=team.alice), card(rivals, owner=rivals.alice)
        self._act(ada, "hand_over", [ours.pk], apply=1, owner=rivals.bob.id)
        self._act(ada, "hand_over", [theirs.pk], apply=1, owner=team.bob.id)
        self._act(ada, "move", [ours.pk], apply=1, category=category(rivals, "contacted").pk)
        assert again(ours).owner_id == team.alice.id
        assert again(ours).category_id == ours.category_id
        assert again(theirs).owner_id == rivals.alice.id

    def test_leaves_cards_that_one_does_not_see(self, alice: Client, team: Team) -> None:
        made = card(team, owner=team.bob)
        self._act(alice, "hand_over", [made.pk], apply=1, owner=team.alice.id)
        assert again(made).owner_id == team.bob.id

    def test_is_not_for_viewers(self, team: Team) -> None:
        made = card(team, owner=team.bob)
        victor = signed_in(team.victor.user)
        self._act(victor, "hand_over", [made.pk], apply=1, owner=team.alice.id)
        assert again(made).owner_id == team.bob.id

    def test_asks_an_operator_for_a_tenant(self, team: Team) -> None:
        made = card(team, owner=team.bob)
        browser = signed_in(make_operator())
        answer = self._act(browser, "hand_over", [made.pk], apply=1, owner=team.alice.id)
        assert messages_of(answer)
        assert again(made).owner_id == team.bob.id


class TestCatalogs:
    def _of(self, name: str, *args: Any) -> str:
        return reverse(f"admin:prospects_service_{name}", args=args)

    def test_names_stand_once_whatever_their_case(self, ada: Client) -> None:
        ada.post(self._of("add"), {"name": "Drones", "position": 1, "is_active": "on"})
        answer = ada.post(self._of("add"), {"name": "DRONES", "position": 1})
        assert errors_of(answer)

    def test_the_same_name_in_another_tenant_is_no_matter(
        self, ada: Client, team: Team, rivals: Team
    ) -> None:
        with tenant_scope(rivals.tenant.pk):
            Service.objects.create(name="Drones")
        assert ada.post(self._of("add"), {"name": "Drones", "position": 1}).status_code == 302

    def test_one_in_use_is_not_deleted(self, ada: Client, team: Team) -> None:
        made = card(team)
        path = reverse("admin:prospects_followupcategory_delete", args=(made.category_id,))
        answer = ada.post(path, {"post": "yes"})
        assert answer.status_code == 200
        with tenant_scope(team.tenant.pk):
            assert FollowUpCategory.objects.filter(pk=made.category_id).exists()

    def test_a_service_that_somebody_wants_is_not_deleted(self, ada: Client, team: Team) -> None:
        made = card(team)
        with tenant_scope(team.tenant.pk):
            wanted = Service.objects.first()
            ProspectService.objects.create(prospect=made, service=wanted)
        form = {"action": "delete_selected", "_selected_action": [wanted.pk], "post": "yes"}
        ada.post(self._of("changelist"), form)
        with tenant_scope(team.tenant.pk):
            assert Service.objects.filter(pk=wanted.pk).exists()

    def test_one_that_nobody_uses_is_deleted(self, ada: Client, team: Team) -> None:
        unused = category(team, "contacted")
        path = reverse("admin:prospects_followupcategory_delete", args=(unused.pk,))
        assert ada.post(path, {"post": "yes"}).status_code == 302
        with tenant_scope(team.tenant.pk):
            assert not FollowUpCategory.objects.filter(pk=unused.pk).exists()

    @pytest.mark.parametrize(
        "values",
        [
            {"name": "won"},
            {"name": "New_Lead"},
            {"name": "two words"},
            {"color": "red;background:url(//x)"},
            {"kind": "x"},
        ],
    )
    def test_a_category_is_checked(self, ada: Client, values: dict[str, str]) -> None:
        good = {"name": "hot", "label": "Hot", "color": "#FF0000", "kind": "open", "position": 9}
        path = reverse("admin:prospects_followupcategory_add")
        assert errors_of(ada.post(path, good | values))
        assert ada.post(path, good).status_code == 302

    def test_the_order_is_edited_in_the_list(self, ada: Client, team: Team) -> None:
        path = reverse("admin:prospects_service_changelist")
        formset = ada.get(path).context["cl"].formset
        sent = {name: field for form in formset for name, field in filled(form).items()}
        sent |= {"form-TOTAL_FORMS": len(formset.forms), "form-INITIAL_FORMS": len(formset.forms)}
        ada.post(path, sent | {"form-0-position": 55, "_save": "Save"})
        with tenant_scope(team.tenant.pk):
            assert Service.objects.filter(position=55).count() == 1

    def test_locales_are_for_operators(self, ada: Client, team: Team) -> None:
        locale = Locale.objects.get(country_code="MX")
        path = reverse("admin:prospects_locale_change", args=(locale.pk,))
        assert ada.get(path).status_code == 200
        assert ada.post(path, {"rate": "1"}).status_code == 403
        browser = signed_in(make_operator())
        browser.post(path, filled_in(browser.get(path), rate="20.5"))
        assert str(Locale.objects.get(pk=locale.pk).rate) == "20.500000"


def filled(form: Any) -> dict[str, Any]:
    """What the browser would send for one line of a list that can be edited."""
    values = {bound.html_name: bound.value() for bound in form}
    return {name: value for name, value in values.items() if value not in (None, False)}
