from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from sales.contracts.models import Contract, Signature
from sales.documents.pdf import render_pdf
from sales.documents.sheets import (
    Pair,
    Sheet,
    amount_text,
    day_text,
    letterhead,
    own_tenant,
    present,
    receiver_of,
)


def contract_pdf(contract: Contract) -> bytes:
    """Return a contract as a PDF; of a signed one, the bytes that were kept when it was signed."""
    kept = Signature.objects.filter(contract=contract).values_list("signed_pdf", flat=True).first()
    return bytes(kept) if kept is not None else unsigned_pdf(contract)


def contract_sheet(contract: Contract) -> Sheet:
    """Return what a contract says, in the language that is spoken.

    Of a signed one it is who signed, and only what cannot change any more: notes, contact and
    letterhead as they were then stand in its PDF.
    """
    kept = Signature.objects.filter(contract=contract).defer("content_pdf", "signed_pdf").first()
    sheet = _sheet(contract, ())
    if kept is None:
        return sheet
    terms = present([("", contract.terms)])
    frozen = replace(sheet, sender=(), logo=b"", receiver=(), blocks=terms)
    return replace(frozen, signature=_evidence(kept))


def unsigned_pdf(contract: Contract) -> bytes:
    """Return a contract as it is put before the signer."""
    with override(own_tenant().language):
        return render_pdf(_sheet(contract, ()))


def signed_pdf(contract: Contract, signature: Signature) -> bytes:
    """Return a contract with who signed it, when, and the hash of what they signed."""
    with override(own_tenant().language):
        return render_pdf(_sheet(contract, _evidence(signature)))


def _evidence(signature: Signature) -> Sequence[Pair]:
    tenant = own_tenant()
    when = signature.signed_at.astimezone(tenant.zone)
    facts = [
        (_("Signed by"), signature.client_name),
        (_("Company"), signature.company_name),
        (_("Time"), f"{date_format(when, 'DATETIME_FORMAT')} ({tenant.time_zone})"),
        (_("IP address"), signature.ip_address or ""),
        ("SHA-256", signature.content_sha256),
    ]
    return present(facts)


def _sheet(contract: Contract, signature: Sequence[Pair]) -> Sheet:
    facts: list[Any] = [
        (_("Type"), contract.type),
        (_("Value"), f"{amount_text(contract.value, contract.currency)} {contract.currency}"),
        (_("Start"), day_text(contract.start_date)),
        (_("End"), day_text(contract.end_date)),
    ]
    return Sheet(
        kind=_("Contract"),
        number=contract.number_text,
        title=contract.title,
        receiver=receiver_of(contract),
        facts=present(facts),
        blocks=present([("", contract.terms), (_("Notes"), contract.notes)]),
        signature=signature,
        **letterhead(own_tenant()),
    )
