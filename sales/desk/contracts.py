from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action, display

from core.back_office_filters import DateRangeFilter
from core.network import client_address
from sales.contracts import states
from sales.contracts.models import Contract, Signature
from sales.contracts.services import (
    ALWAYS,
    cancel_contract,
    create_contract,
    delete_contract,
    edit_contract,
    send_contract,
)
from sales.contracts.sheet import contract_pdf
from sales.contracts.signing import Signer, sign_contract
from sales.desk.documents import DocumentAdmin, StateFilter, day_column, on_one_line
from sales.desk.forms import ContractForm, SignForm
from sales.desk.tables import related_links
from sales.documents.sheets import amount_text


@admin.register(Contract)
class ContractAdmin(DocumentAdmin):
    """The contracts that a user sees: written, sent, signed."""

    form = ContractForm
    ALWAYS = ALWAYS
    EDIT, ANNOTATE = states.EDIT, states.ANNOTATE
    CREATE, CHANGE = staticmethod(create_contract), staticmethod(edit_contract)
    DELETE, SEND = staticmethod(delete_contract), staticmethod(send_contract)
    CANCEL, render = staticmethod(cancel_contract), staticmethod(contract_pdf)
    MOVES = {"send": states.SEND, "sign": states.SIGN, "cancel": states.CANCEL}
    FIELDS = (
        ("contact", "deal"),
        ("title", "type"),
        ("value", "currency"),
        ("start_date", "end_date"),
        ("owner", "billing_address"),
        ("notes", "terms"),
    )
    list_display = (
        *("shown_number", "title", "shown_contact", "shown_state", "shown_value", "shown_start"),
        *("shown_end", "owner"),
    )
    list_filter = (
        StateFilter,
        ("owner", RelatedDropdownFilter),
        ("start_date", DateRangeFilter),
        ("end_date", DateRangeFilter),
    )
    shown_start = day_column("start_date", _("start"))
    shown_end = day_column("end_date", _("end"))
    actions_detail = ("pdf", "send", "sign", "cancel")

    @action(description=_("Sign in person"), url_path="sign", icon="signature", permissions=["act"])
    def sign(self, request: Any, object_id: str) -> HttpResponse:
        def note(contract: Contract, given: dict[str, Any]) -> None:
            signer = Signer(
                **given,
                ip_address=client_address(request),
                user_agent=request.headers.get("User-Agent", ""),
            )
            who: Any = {"by": request.user, "at": timezone.now()}
            sign_contract(contract_id=contract.pk, signer=signer, **who)

        return self.confirm(
            request,
            object_id,
            note,
            verb=_("Sign in person"),
            done=_("It is signed."),
            intro=_("Who signs, when and the PDF as it is now are kept, and stay so."),
            form_of=_sign_form,
        )

    def shown_beside(self, request: Any, document: Any) -> dict[str, Any]:
        if document is None:
            return {}
        known = Signature.objects.filter(contract=document).defer("content_pdf", "signed_pdf")
        made_of = [document.quote] if document.quote else []
        return {"signature": known.first(), "related": related_links(made_of)}

    @display(description=_("value"), ordering="value")
    def shown_value(self, contract: Contract) -> str:
        value = amount_text(contract.value, contract.currency)
        return on_one_line(f"{value} {contract.currency}")


def _sign_form(data: Any, contract: Contract) -> forms.Form:
    card = contract.contact.prospect
    known = {"name": str(contract.contact), "company": card.company_name if card else ""}
    return SignForm(data, initial=known)
