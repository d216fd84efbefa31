"""What our tag writes of a drop-down's choices is what Django's templates would."""

from __future__ import annotations

import re

import pytest
from django.forms import Select
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from core.templatetags.options import options

CHOICES = {
    "plain": [("", "---"), (1, "uno"), ("b", "dos")],
    "what would be HTML": [("<'\"&>", '<b>Café & "té"</b>')],
    "HTML that is meant": [("a", mark_safe("<i>uno</i>")), (mark_safe("&amp;"), "dos")],
    "translated": [("a", gettext_lazy("Monday")), ("b", gettext_lazy("<Tuesday>"))],
    "groups": [("", "---"), ("Norte & <Sur>", [(1, "uno"), (2, "dos")]), (3, "tres")],
    "none": [],
}


def written_by_django(widget):
    select = DjangoTemplates().render("django/forms/widgets/select.html", {"widget": widget})
    return re.sub(r"^<select[^>]*>|</select>$", "", select.strip())


@pytest.mark.parametrize("chosen", ["1", "a", "<'\"&>"])
@pytest.mark.parametrize("name", CHOICES)
def test_choices_are_written_as_django_would(name, chosen):
    widget = Select(choices=CHOICES[name]).get_context("field", chosen, {})["widget"]
    assert tidy(options(widget)) == tidy(written_by_django(widget))


def tidy(text):
    return re.sub(r">\s+<", "><", text.strip())
