from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from core.api.fields import CurrencyField, MomentField
from sales.documents.serializers import row_id, text
from sales.payments.models import Payment

LEAST = Decimal("0.01")


class PaymentSerializer(serializers.Serializer):
    """A payment; made from the columns that views.py reads."""

    id = serializers.IntegerField()
    amount = serializers.DecimalField(14, 2)
    currency = serializers.CharField()
    method = serializers.ChoiceField(choices=Payment.Method.choices)
    reference = serializers.CharField(allow_blank=True)
    notes = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=Payment.Status.choices)
    paid_at = serializers.DateTimeField()
    refunded_amount = serializers.DecimalField(14, 2)
    refunded_at = serializers.DateTimeField(allow_null=True)
    refund_reason = serializers.CharField(allow_blank=True)
    invoice_id = serializers.IntegerField()
    contact_id = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class PaymentWriteSerializer(serializers.Serializer):
    """A payment as it is sent; for a change, what is sent counts."""

    invoice_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    contact_id = row_id()
    amount = serializers.DecimalField(14, 2, min_value=LEAST)
    currency = CurrencyField(required=False)
    method = serializers.ChoiceField(choices=Payment.Method.choices, required=False)
    reference = text(255)
    notes = text(2000)
    paid_at = MomentField(required=False, allow_null=True)

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the payment; null leaves what is needed as it is."""
        sent = {n: v for n, v in self.validated_data.items() if n != "invoice_id"}
        for name in ("reference", "notes"):
            if name in sent:
                sent[name] = sent[name] or ""
        return {name: value for name, value in sent.items() if value is not None}


class RefundSerializer(serializers.Serializer):
    """How much of a payment went back (all that is left, if it does not say), and why."""

    amount = serializers.DecimalField(14, 2, min_value=LEAST, required=False, allow_null=True)
    reason = text(500)


class _TotalsSerializer(serializers.Serializer):
    """What a contact was billed and paid in one currency."""

    currency = serializers.CharField()
    invoiced = serializers.DecimalField(20, 2)
    paid = serializers.DecimalField(20, 2)
    balance = serializers.DecimalField(20, 2)
    overdue = serializers.DecimalField(20, 2)


class _EntrySerializer(serializers.Serializer):
    """An invoice, a payment (below zero) or a refund, and the balance that it left."""

    day = serializers.DateField()
    type = serializers.CharField()
    id = serializers.IntegerField()
    invoice_id = serializers.IntegerField()
    reference = serializers.CharField(allow_blank=True)
    currency = serializers.CharField()
    amount = serializers.DecimalField(14, 2)
    balance = serializers.DecimalField(20, 2)


class _AccountSerializer(serializers.Serializer):
    """An account, for the schema; statement.py makes it. Newest entries first."""

    totals = _TotalsSerializer(many=True)
    entries = _EntrySerializer(many=True)


class StatementSerializer(_AccountSerializer):
    """The account of a contact."""

    contact_id = serializers.IntegerField()


class CompanyStatementSerializer(_AccountSerializer):
    """The account of all people of a company together."""

    company_id = serializers.IntegerField()
