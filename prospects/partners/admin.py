from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline

from core.links import parse_link
from core.rights import CRM_PARTNERS
from core.values import InvalidValue
from prospects.partners.models import PartnerData
from prospects.partners.services import set_partner_data


class PartnerDataForm(forms.ModelForm):
    """What is known of a partner; its web site is a link that may be clicked."""

    class Meta:
        model = PartnerData
        fields = (
            "url",
            "partner_type",
            "partner_origin",
            "rating",
            "locale",
            "social_network",
        )

    def clean_url(self) -> str:
        try:
            return parse_link(self.cleaned_data["url"], 255)
        except InvalidValue as error:
            raise ValidationError(f"It {error}.") from error

    def clean_rating(self) -> int:
        rating = int(self.cleaned_data["rating"])
        if not 1 <= rating <= 5:
            raise ValidationError(_("A rating from 1 to 5."))
        return rating

    def columns(self) -> dict[str, Any]:
        """What was typed, as columns."""
        return {name: self.cleaned_data[name] for name in PartnerDataForm.Meta.fields}


class PartnerDataFormSet(forms.BaseInlineFormSet):
    """At most one row, written by the service. The page has locked the card before."""

    def save_new(self, form: Any, commit: bool = True) -> PartnerData:
        return set_partner_data(prospect_id=self.instance.pk, values=form.columns())

    def save_existing(self, form: Any, obj: PartnerData, commit: bool = True) -> PartnerData:
        return self.save_new(form)


class PartnerDataInline(StackedInline):
    """Partner data on the page of a partner's card, for who works with partners."""

    model = PartnerData
    form = PartnerDataForm
    formset = PartnerDataFormSet
    fields = PartnerDataForm.Meta.fields
    can_delete = False
    tab = True

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and request.user.has_perm(CRM_PARTNERS)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and request.user.has_perm(CRM_PARTNERS)
