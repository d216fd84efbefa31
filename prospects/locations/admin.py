from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.admin import TabularInline

from core.links import parse_link
from core.values import InvalidValue
from prospects.locations.models import Location
from prospects.locations.services import add_location, change_location, remove_location


class LocationForm(forms.ModelForm):
    """A place; its link is one that may be clicked."""

    class Meta:
        model = Location
        fields = ("name", "type", "link")

    def clean_link(self) -> str:
        try:
            return parse_link(self.cleaned_data["link"], 150)
        except InvalidValue as error:
            raise ValidationError(f"It {error}.") from error


class LocationFormSet(forms.BaseInlineFormSet):
    """The places of a card, written by the services. The page has locked the card before."""

    def save_new(self, form: Any, commit: bool = True) -> Location:
        return add_location(prospect_id=self.instance.pk, values=_values(form))

    def save_existing(self, form: Any, obj: Location, commit: bool = True) -> Location:
        return change_location(location_id=obj.pk, values=_values(form))

    def delete_existing(self, obj: Location, commit: bool = True) -> None:
        remove_location(location_id=obj.pk)


def _values(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in LocationForm.Meta.fields}


class LocationInline(TabularInline):
    """The places on a card's page."""

    model = Location
    form = LocationForm
    formset = LocationFormSet
    fields = LocationForm.Meta.fields
    extra = 0
    tab = True
