from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clients.companies.models import Company
from clients.operations.models import AccountPayment, Shipment
from core.errors import DomainError
from prospects.pipeline.moves import become_type_client


class OtherCurrency(DomainError):
    """A company's account is kept in one currency; this is another."""

    code = "other_currency"


class DuplicateOperation(DomainError):
    """Another recharge or shipment of the tenant has this external id."""

    code = "duplicate"


@transaction.atomic
def save_operation(*, operation: AccountPayment | Shipment) -> None:
    """Write a recharge or shipment, a new one or a changed one; a prospect is a client from then.

    The company's balance and first dates follow by triggers, in the same transaction.

    :raises OtherCurrency: the account has another currency already, or the card's country does.
    :raises DuplicateOperation: its external id is taken.
    """
    card = Company.objects.values_list("prospect_id", flat=True).get(pk=operation.company_id)
    become_type_client(prospect_ids=[card])  # cards are locked before companies
    _check_currency(operation)
    try:
        with transaction.atomic():
            operation.save()
    except IntegrityError as error:
        if type(error.__cause__).__name__ != "UniqueViolation":
            raise
        message = _("This external id is taken already.")
        raise DuplicateOperation(message, fields={"external_id": [message]}) from error


def _check_currency(operation: AccountPayment | Shipment) -> None:
    """Lock the account and compare: it is kept in its first currency, and begins in its country's.

    Nothing is converted: at which rate would be a guess, and the balance is a promise.
    """
    companies = Company.objects.select_related("prospect__locale")
    company = companies.select_for_update(of=("self",), no_key=True).get(pk=operation.company_id)
    locale = company.prospect.locale
    kept_in = company.balance_currency or (locale.currency if locale else operation.currency)
    if operation.currency != kept_in:
        message = _("This company's account is kept in %(currency)s.") % {"currency": kept_in}
        raise OtherCurrency(message, fields={"currency": [message]})
