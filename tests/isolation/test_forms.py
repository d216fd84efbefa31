"""What lists and forms of the back office take and show: nothing of another tenant's, whatever is
sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.forms import ModelChoiceField
from django.test import Client
from django.urls import reverse

from accounts.models import Session, Tenant
from core.tenancy import tenant_scope
from prospects.models import Service
from tests.back_office.rows_of import a_row_of_each
from tests.isolation.desk import EVERYBODYS, REFUSED, browse
from tests.isolation.stores import contents_of
from tests.isolation.world import unknown as unknown_like
from tests.staff import inlines_of, signed_in

MODELS = [model for model in admin.site._registry if model._meta.label not in EVERYBODYS]
pytestmark = pytest.mark.usefixtures("unpainted")


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def opened(browser: Client, path: str, sent: Any = None) -> Any:
    """A page with what it would be painted from."""
    page: Any = browser.get(path) if sent is None else browser.post(path, sent)
    page.context = getattr(page, "context_data", None) or {}
    return page


def choices(form: Any) -> dict[str, Any]:
    """The fields of a form that choose a row of a tenant's, and of what model."""
    found = {
        name: field.queryset.model
        for name, field in form.fields.items()
        if isinstance(field, ModelChoiceField)
    }
    return {name: each for name, each in found.items() if each._meta.label not in EVERYBODYS}


def forms_of(page: Any) -> Iterator[tuple[str, Any]]:
    """Yield the forms of a page with their prefix: its own, and one more in each table of rows."""
    yield "", page.context["adminform"].form
    for table in page.context.get("inline_admin_formsets") or ():
        yield (
            f"{table.formset.prefix}-{table.formset.total_form_count()}-",
            table.formset.empty_form,
        )


def foreign(model: Any, team: Any) -> Any:
    """The id of a row of a team's; None where it has none."""
    with tenant_scope(team.tenant.pk):
        row = model._default_manager.first()
    return row and row.pk


def posted(page: Any, acme: Any) -> tuple[dict[str, Any], set[str]]:
    """What is sent to choose acme's rows wherever a page lets choose one; the fields that do."""
    sent, named = inlines_of(page), set()
    for prefix, form in forms_of(page):
        for name, model in choices(form).items():
            if name != "id" and (pk := foreign(model, acme)) is not None:
                sent[prefix + name] = [pk] if hasattr(form.fields[name], "_check_values") else pk
                named.add(prefix + name)
                if prefix:
                    table = prefix.rpartition("-")[0].rpartition("-")
                    sent[f"{table[0]}-TOTAL_FORMS"] = int(table[2]) + 1
    return sent, named


def refused(page: Any) -> set[str]:
    """The fields that a page complains about."""
    found = set(page.context["adminform"].form.errors)
    for table in page.context.get("inline_admin_formsets") or ():
        for form in table.formset.forms:
            found |= {form.add_prefix(name) for name in form.errors}
    return found


def tried(browser: Client, path: str, acme: Any) -> Iterator[tuple[str, bool]]:
    """Yield the fields of a page with which a row of acme's was chosen; was it taken?."""
    page = opened(browser, path)
    if page.status_code == 200 and "adminform" in page.context:
        sent, named = posted(page, acme)
        answer = opened(browser, path, sent) if named else page
        complained = refused(answer) if answer.status_code == 200 else set()
        yield from ((f"{path} {name}", name not in complained) for name in named)


class TestEveryForm:
    def test_to_add_something_takes_no_row_of_another_tenant(self, desk):
        before = contents_of(desk.acme.tenant.pk)
        ada, found = signed_in(desk.us.ada.user), []
        for model in MODELS:
            found += tried(ada, address(model, "add"), desk.acme)
        assert [place for place, is_taken in found if is_taken] == []
        assert len(found) > 30
        assert contents_of(desk.acme.tenant.pk) == before

    def test_to_change_something_takes_no_row_of_another_tenant(self, desk):
        ada, found = signed_in(desk.us.ada.user), []
        for model, row in a_row_of_each(desk.us).items():
            if model._meta.label not in EVERYBODYS:
                found += tried(ada, address(model, "change", row.pk), desk.acme)
        assert [place for place, is_taken in found if is_taken] == []
        assert len(found) > 20


class TestEveryList:
    def test_shows_rows_of_its_own_tenant_alone(self, desk):
        """Filters offer and take no other rows either."""
        ada = signed_in(desk.us.ada.user)
        for model in MODELS:
            page = opened(ada, address(model, "changelist"), None)
            if page.status_code == 403:
                continue
            changelist = page.context["cl"]
            rows = [changelist.result_list] + [
                opened(ada, f"{address(model, 'changelist')}?{name}={pk}").context["cl"].result_list
                for name, pk in row_filters(changelist, desk.acme)
            ]
            for row in (each for found in rows for each in found):
                assert (row.pk if model is Tenant else row.tenant_id) == desk.us.tenant.pk, row

    def test_does_nothing_to_another_tenants_row(self, desk):
        before = contents_of(desk.acme.tenant.pk)
        ada = signed_in(desk.us.ada.user)
        for model in MODELS:
            path = address(model, "changelist")
            offered = opened(ada, path).context.get("action_form")
            pk = desk.rows[model].pk
            for action in [name for name, _ in actions_of(offered) if name]:
                theirs, unknown = (
                    browse(ada, "post", path, {"action": action, "_selected_action": ticked})
                    for ticked in (pk, unknown_like(pk))
                )
                told = (model, action, theirs, unknown)
                assert theirs.status == unknown.status in REFUSED | {200}, told
                assert theirs.location == unknown.location, told
        assert contents_of(desk.acme.tenant.pk) == before

    @pytest.mark.parametrize("text", ["abc", "\x00", "-1", "9" * 30, "9" * 5000, ""])
    def test_takes_what_is_no_id_for_nothing(self, desk, text):
        ada = signed_in(desk.acme.ada.user)
        for model, action in ((Service, "delete_selected"), (Session, "revoke")):
            sent = {"action": action, "_selected_action": text}
            answer = browse(ada, "post", address(model, "changelist"), sent)
            assert answer.status in {200, 302}, (model, answer)

    def test_completes_no_name_of_another_tenants(self, desk):
        ada = signed_in(desk.us.ada.user)
        for model, page in admin.site._registry.items():
            for name in page.autocomplete_fields:
                asked = {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": name,
                    "term": "",
                }
                answer = ada.get(reverse("admin:autocomplete"), asked)
                target = model._meta.get_field(name).related_model
                offered = {each["id"] for each in answer.json().get("results", ())}
                assert str(foreign(target, desk.acme)) not in offered, (model, name)


def actions_of(offered: Any) -> Any:
    return offered.fields["action"].choices if offered else ()


def row_filters(changelist: Any, acme: Any) -> Iterator[tuple[str, Any]]:
    """Yield each filter by a row, with a row of acme's."""
    for spec in changelist.filter_specs:
        field = getattr(spec, "field", None)
        if field is not None and field.related_model is not None:
            for name in spec.expected_parameters():
                if name.endswith("__exact") and (pk := foreign(field.related_model, acme)):
                    yield name, pk
