"""Activities in the back office: list and form."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse
from django.utils import timezone

from core.tenancy import tenant_scope
from sales.models import Activity
from tests.sales.activities.activities_of import ACTIVITIES, DEAL, activity
from tests.sales.contacts.contacts_of import contact
from tests.sales.deals.deals_of import deal
from tests.staff import errors_of, filled_in, messages_of, signed_in


def page(name, *args):
    return reverse(f"admin:sales_activity_{name}", args=args)


def due(**later):
    return (timezone.now() + timedelta(**later)).isoformat()


class TestForm:
    def test_plans_and_completes(self, team):
        sold = deal(team, team.alice)
        browser = signed_in(team.alice.user)
        sent = filled_in(browser.get(page("add")), subject="Call", type="call", deal=sold["id"])
        answer = browser.post(page("add"), sent)
        assert answer.status_code == 302, errors_of(answer)
        (made,) = team.alice.get(ACTIVITIES).json()["data"]
        assert (made["activitable_type"], made["user_id"]) == (DEAL, team.alice.id)
        path = page("change", made["id"])
        browser.post(path, filled_in(browser.get(path), status="completed"))
        (made,) = team.alice.get(ACTIVITIES).json()["data"]
        assert made["completed_at"] is not None

    def test_refuses_two_subjects_and_those_of_others(self, team):
        maria, sold, bobs = contact(team.alice), deal(team, team.alice), deal(team, team.bob)
        browser = signed_in(team.alice.user)
        form = filled_in(browser.get(page("add")), subject="Call", type="call")
        both = browser.post(page("add"), {**form, "contact": maria["id"], "deal": sold["id"]})
        assert errors_of(both)
        hidden = browser.post(page("add"), {**form, "deal": bobs["id"]})
        assert list(errors_of(hidden)) == ["deal"]

    def test_completes_and_cancels_many(self, team):
        ids = [activity(team.alice)["id"] for _ in range(2)]
        browser, chosen = signed_in(team.alice.user), {ACTION_CHECKBOX_NAME: ids}
        browser.post(page("changelist"), {"action": "cancel", **chosen})
        answer = browser.post(page("changelist"), {"action": "complete", **chosen}, follow=True)
        assert "cancelled" in messages_of(answer)
        with tenant_scope(team.tenant.pk):
            assert set(Activity.objects.values_list("status", flat=True)) == {"cancelled"}
