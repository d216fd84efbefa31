"""The forms of the back office about deals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.users.models import User
from core.back_office_money import AmountField, CurrencyForm
from sales.deals.models import Deal
from sales.pipelines.models import Stage

COLUMNS = ("name", "amount", "currency", "probability", "expected_close_date", "lost_reason")


class StageChoice(forms.ModelChoiceField):
    """A stage, after the name of its pipeline."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.pipeline} · {obj}"


def _stages() -> Any:
    stages = Stage.objects.select_related("pipeline")
    return stages.order_by("-pipeline__is_default", "pipeline__position", "pipeline", "position")


class DealForm(CurrencyForm):
    """A deal; its stage says of which pipeline it is."""

    amount = AmountField(label=_("Amount"), initial=0)
    stage = StageChoice(
        label=_("Stage"), queryset=Stage.objects.all(), widget=UnfoldAdminSelectWidget
    )
    probability = forms.IntegerField(
        label=_("Probability (%)"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("Empty: that of the stage."),
        widget=UnfoldAdminTextInputWidget,
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.filter(is_active=True, is_superuser=False).order_by("name", "pk"),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Deal
        fields = ("name", "amount", "currency", "stage", "probability", "owner")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "stage" in self.fields:
            stage: Any = self.fields["stage"]
            stage.queryset = _stages()
        if "owner" in self.fields and self.instance.owner_id:
            owner: Any = self.fields["owner"]
            owner.queryset = (
                owner.queryset | User.objects.filter(pk=self.instance.owner_id)
            ).distinct()

    def _post_clean(self) -> None:
        """The service writes: the row itself stays as it was read."""
        known = {name: getattr(self.instance, name) for name in ("currency", "probability")}
        super()._post_clean()
        for name, value in known.items():
            setattr(self.instance, name, value)

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the deal; empty currency and probability stay."""
        sent = self.cleaned_data
        values = {name: sent[name] for name in COLUMNS if name in sent}
        for name in ("currency", "probability"):
            if values.get(name) in ("", None):
                values.pop(name, None)
        return {**values, "owner_id": sent["owner"] and sent["owner"].pk}


class MoveForm(forms.Form):
    """Where to put the selected deals."""

    stage = StageChoice(
        label=_("Stage"), queryset=Stage.objects.all(), widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage: Any = self.fields["stage"]
        stage.queryset = _stages()


class LossForm(forms.Form):
    """Why the selected deals were lost."""

    lost_reason = forms.CharField(
        label=_("Reason of the loss"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextareaWidget,
    )
