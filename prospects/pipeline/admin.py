from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminColorInputWidget

from core.back_office import BackOfficeAdmin, BackOfficeForm
from prospects.pipeline.colors import COLOR, color_label
from prospects.pipeline.models import FollowUpCategory


class CategoryForm(BackOfficeForm):
    """A column of the board; its colour is a plain #rrggbb, nothing that a style sheet obeys."""

    color = forms.CharField(
        label=_("Colour"),
        max_length=7,
        validators=[RegexValidator(COLOR, _("A colour such as #3B82F6."))],
        widget=UnfoldAdminColorInputWidget,
    )


@admin.register(FollowUpCategory)
class FollowUpCategoryAdmin(BackOfficeAdmin):
    """The columns of the board, from left to right."""

    form = CategoryForm
    list_display = ("colored_label", "name", "kind", "position")
    list_editable = ("position",)
    list_filter = ("kind",)
    fields = ("label", "name", "color", "kind", "position")
    ordering = ("position", "pk")
    search_fields = ("label", "name")

    @display(description=_("label"), ordering="label")
    def colored_label(self, category: FollowUpCategory) -> Any:
        return color_label(category)
