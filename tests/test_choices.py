"""Choices of rows in the back office name nobody whom the user does not see."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.urls import reverse

from core.back_office_choices import SeenChoices
from tests.sales.events.events_of import maria
from tests.staff import filled_in, signed_in

# Each names a contact: on the page itself, or in a table on it.
FIELDS = [
    ("activity", "contact"),
    ("quote", "contact"),
    ("event", "attendees-0-contact"),
    ("deal", "people-0-contact"),
]


def inlines(base=InlineModelAdmin):
    """Every table of rows that anybody wrote, wherever it is shown."""
    for each in base.__subclasses__():
        yield each
        yield from inlines(each)


class TestLookingUp:
    def test_is_of_what_one_sees_in_every_table_and_on_every_page(self):
        pages = [type(page) for page in admin.site._registry.values()]
        looking = {each for each in (*inlines(), *pages) if each.autocomplete_fields}
        assert len(looking) > 6
        assert [each for each in looking if not issubclass(each, SeenChoices)] == []


@pytest.mark.parametrize(("page", "field"), FIELDS)
class TestContact:
    def posted(self, person, page, field, value):
        """The page as it is shown again after somebody chose this, and left out what is needed."""
        path, browser = reverse(f"admin:sales_{page}_add"), signed_in(person.user)
        sent = filled_in(browser.get(path), title="", subject="", name="", currency="")
        table = field.partition("-")[0]
        if f"{table}-TOTAL_FORMS" in sent:
            sent[f"{table}-TOTAL_FORMS"] = 1
        return browser.post(path, {**sent, field: value})

    def test_of_a_colleague_is_not_named(self, team, rivals, page, field):
        for who in (maria(team.alice), maria(rivals.ada)):
            answer = self.posted(team.bob, page, field, who)
            text = answer.content.decode()
            assert (answer.status_code, f'name="{field}"' in text) == (200, True)
            assert "Maria" not in text
            assert "Escoja una opci" in text

    def test_of_ones_own_is_named(self, team, page, field):
        text = self.posted(team.bob, page, field, maria(team.bob)).content.decode()
        assert "Maria Lopez" in text

    @pytest.mark.parametrize("value", ["abc", "9" * 40, "9" * 5000, "²"])
    def test_that_is_none_is_an_error(self, team, page, field, value):
        answer = self.posted(team.bob, page, field, value)
        assert answer.status_code == 200
        assert "Escoja una opci" in answer.content.decode()

    def test_that_is_none_in_a_link_is_left_out(self, team, page, field):
        path = reverse(f"admin:sales_{page}_add")
        assert signed_in(team.bob.user).get(path, {"contact": "abc"}).status_code == 200
