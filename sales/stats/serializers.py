"""What the figures look like, for the schema; figures.py makes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from sales.invoices.models import Invoice
from sales.quotes.models import Quote


def _amount() -> serializers.DecimalField:
    return serializers.DecimalField(20, 2)


class _CountedSerializer(serializers.Serializer):
    """How many of one currency."""

    currency = serializers.CharField()
    count = serializers.IntegerField()


class _WonInCurrencySerializer(_CountedSerializer):
    """What was won in one currency."""

    amount = _amount()


class _OpenInCurrencySerializer(_WonInCurrencySerializer):
    """What may be won in one currency; weighted by the probabilities."""

    weighted = _amount()


class _BilledInCurrencySerializer(_CountedSerializer):
    """What documents of one currency come to."""

    total = _amount()


class _ContactStatsSerializer(serializers.Serializer):
    """People."""

    total = serializers.IntegerField()
    new_this_month = serializers.IntegerField()


class _WonSerializer(serializers.Serializer):
    """Deals that were won; `amount` is a plain sum over all currencies."""

    count = serializers.IntegerField()
    amount = _amount()
    by_currency = _WonInCurrencySerializer(many=True)


class _OpenSerializer(serializers.Serializer):
    """Deals that are open."""

    count = serializers.IntegerField()
    amount = _amount()
    weighted = _amount()
    by_currency = _OpenInCurrencySerializer(many=True)


class _DealStatsSerializer(serializers.Serializer):
    """Deals."""

    open = _OpenSerializer()
    won_this_month = _WonSerializer()


class _StateSerializer(serializers.Serializer):
    """Documents in a state."""

    count = serializers.IntegerField()
    total = _amount()
    by_currency = _BilledInCurrencySerializer(many=True)


def _states(name: str, states: Any) -> serializers.Serializer:
    made = {str(state): _StateSerializer() for state in states.values}
    shape: Any = type(name, (serializers.Serializer,), made)
    return shape()


class _StageStatsSerializer(serializers.Serializer):
    """What stands in a stage."""

    pipeline_id = serializers.IntegerField()
    pipeline_name = serializers.CharField()
    stage_id = serializers.IntegerField()
    stage_name = serializers.CharField()
    count = serializers.IntegerField()
    amount = _amount()


class StatsSerializer(serializers.Serializer):
    """The figures of a dashboard."""

    contacts = _ContactStatsSerializer()
    deals = _DealStatsSerializer()
    quotes = _states("QuoteStatesSerializer", Quote.Status)
    invoices = _states("InvoiceStatesSerializer", Invoice.Status)
    overdue_amount = _amount()
    overdue_by_currency = _WonInCurrencySerializer(many=True)
    pending_activities = serializers.IntegerField()
    overdue_activities = serializers.IntegerField()
    pipeline = _StageStatsSerializer(many=True)
