"""What the dashboard answers, for the schema; payload.py and rows.py make it."""

from __future__ import annotations

from rest_framework import serializers


def _amount() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=20, decimal_places=2)


def _share() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=9, decimal_places=1)


class CountSerializer(serializers.Serializer):
    """A figure of the period and of the one before."""

    current = serializers.IntegerField()
    previous = serializers.IntegerField()


class AmountSerializer(serializers.Serializer):
    """An amount in dollars, of the period and of the one before."""

    current = _amount()
    previous = _amount()


class KpisSerializer(serializers.Serializer):
    """The main figures."""

    total_leads = CountSerializer()
    total_shipments = CountSerializer()
    avg_shipment_cost = AmountSerializer()
    total_lost = CountSerializer()


class ExtraKpisSerializer(serializers.Serializer):
    """The secondary figures."""

    avg_closing_days = _share()
    advancement_rate = _share()
    in_recharge = serializers.IntegerField()


class LinkedSerializer(serializers.Serializer):
    """Something that is counted, with a link to the leads."""

    rows_url = serializers.CharField(help_text="Path of the list of exactly the leads counted.")


class FunnelSerializer(LinkedSerializer):
    """A stage of the funnel."""

    stage_name = serializers.CharField()
    count = serializers.IntegerField()
    percentage = _share()


class OutcomesSerializer(serializers.Serializer):
    """Each lead is in one."""

    won = serializers.IntegerField()
    lost = serializers.IntegerField()
    in_recharge = serializers.IntegerField()
    remaining = serializers.IntegerField()


class ExecutiveSerializer(LinkedSerializer):
    """A choice of the drop-down."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class ExecutiveUrlsSerializer(serializers.Serializer):
    """Links for each part of an executive's bar."""

    won = serializers.CharField()
    lost = serializers.CharField()
    remaining = serializers.CharField()
    total = serializers.CharField()


class ExecutiveStageSerializer(serializers.Serializer):
    """An executive's bar; leads of nobody have the name "" and no id."""

    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    won = serializers.IntegerField()
    lost = serializers.IntegerField()
    remaining = serializers.IntegerField()
    total = serializers.IntegerField()
    rows_url = ExecutiveUrlsSerializer()


class TierSerializer(LinkedSerializer):
    """A tier's bar."""

    tier_label = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField()


class ProductSerializer(LinkedSerializer):
    """A product's bar; the value in dollars."""

    product_name = serializers.CharField()
    lead_count = serializers.IntegerField()
    total_value = _amount()


class ActiveLeadSerializer(serializers.Serializer):
    """A row of the aging table."""

    record_id = serializers.IntegerField()
    record_type = serializers.CharField(help_text="prospect or company")
    prospect_id = serializers.IntegerField(help_text="The card.")
    name = serializers.CharField(allow_blank=True)
    salesman = serializers.CharField(allow_blank=True)
    tier_label = serializers.CharField(allow_blank=True)
    stage_name = serializers.CharField()
    stage_color = serializers.CharField()
    age_days = serializers.IntegerField()


class PayloadSerializer(serializers.Serializer):
    """The dashboard."""

    kpis = KpisSerializer()
    extra_kpis = ExtraKpisSerializer()
    sales_funnel = FunnelSerializer(many=True)
    outcome_summary = OutcomesSerializer()
    by_executive = ExecutiveSerializer(many=True)
    by_executive_stage = ExecutiveStageSerializer(many=True)
    by_tier = TierSerializer(many=True)
    by_product = ProductSerializer(many=True)
    active_leads = ActiveLeadSerializer(many=True)
    rows_url = serializers.DictField(
        help_text="Links of the figures that are bare numbers, under the same names as they."
    )


class LeadRowSerializer(ActiveLeadSerializer):
    """A lead that a figure counts."""

    created_at = serializers.DateTimeField()
    won_at = serializers.DateTimeField(allow_null=True)
    closing_days = serializers.IntegerField(allow_null=True)
    monthly_shipments = serializers.IntegerField(allow_null=True)
    account_value = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    locale_id = serializers.IntegerField(allow_null=True)
    has_recharge = serializers.BooleanField()


class RowsSerializer(serializers.Serializer):
    """A page of the leads that a figure counts."""

    recordsFiltered = serializers.IntegerField()
    data = LeadRowSerializer(many=True)  # type: ignore[assignment]
