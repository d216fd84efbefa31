"""Signing a contract, and the evidence that is kept of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.tenants.clock import own_today
from accounts.users.models import User
from core.errors import DomainError
from prospects.pipeline.services import acting_author
from sales.contracts import states
from sales.contracts.models import Contract, Signature
from sales.contracts.sheet import signed_pdf, unsigned_pdf
from sales.documents.announcing import announce
from sales.documents.drafting import hold_contact, lock_document
from sales.documents.states import require
from sales.documents.telling import CONTRACT_SIGNED, tell_owner


class ChangedMeanwhile(DomainError):
    """The contract is another than the one that the signer read."""

    code = "changed"


@dataclass(frozen=True)
class Signer:
    """Who signs, for whom, and from where. Without a name it is the contract's contact."""

    name: str = ""
    company: str = ""
    ip_address: str | None = None
    user_agent: str = ""


@transaction.atomic
def sign_contract(
    *, contract_id: int, signer: Signer, by: User | None, at: datetime, read_sha256: str = ""
) -> Contract:
    """Sign a contract: who, when and from where is kept, and the PDF as it is now; the owner is
    told.

    :param by: who notes it; None when the signer does so themselves.
    :param read_sha256: the hash of what the signer read; "" when that is not known.
    :raises NotFound, NotAllowed: as lock_document.
    :raises WrongState: it is signed, expired or cancelled.
    :raises ContactIsGone: the contact was deleted.
    :raises ChangedMeanwhile: it was changed after the signer read it.
    """
    contract: Contract = lock_document(Contract, contract_id, by=by)
    require(contract, states.SIGN, today=own_today(at))
    hold_contact(contract)
    content = unsigned_pdf(contract)
    content_sha256 = hashlib.sha256(content).hexdigest()
    if read_sha256 and read_sha256 != content_sha256:
        raise ChangedMeanwhile("The contract was changed meanwhile: read it again.")
    card = contract.contact.prospect
    signature = Signature(
        contract=contract,
        client_name=signer.name or contract.contact.name or contract.contact.email,
        company_name=signer.company or (card.company_name if card else ""),
        signed_at=at,
        ip_address=signer.ip_address,
        user_agent=signer.user_agent[:500],
        recorded_by=acting_author(by),
        content_sha256=content_sha256,
        content_pdf=content,
    )
    signature.signed_pdf = signed_pdf(contract, signature)
    signature.sha256 = hashlib.sha256(signature.signed_pdf).hexdigest()
    contract.status = Contract.Status.SIGNED
    contract.save(update_fields=["status"])
    signature.save()
    tell_owner(contract, CONTRACT_SIGNED, once="", detail=signature.client_name)
    announce("contract.signed", contract)
    return contract
