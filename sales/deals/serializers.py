from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.users.models import User
from core.api.fields import AmountField, CurrencyField, DayField, LineField, MomentField, RowIdField
from sales.deals.models import Deal, weighted
from sales.deals.people import MOST_PEOPLE
from sales.deals.rows import history_of, people_of
from sales.pipelines.models import Pipeline, Stage

LONGEST_REASON = 500
LARGEST_POSITION = 1_000_000


class DealSerializer(serializers.Serializer):
    """A deal in a list; made from the columns that rows.py reads."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    amount = serializers.DecimalField(14, 2)
    currency = serializers.CharField()
    probability = serializers.IntegerField()
    weighted_amount = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=Deal.Status.choices)
    pipeline_id = serializers.IntegerField()
    stage_id = serializers.IntegerField()
    stage_name = serializers.CharField()
    owner_id = serializers.IntegerField(allow_null=True)
    owner_name = serializers.CharField(allow_null=True)
    expected_close_date = serializers.DateField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    lost_reason = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field({"type": "number"})
    def get_weighted_amount(self, row: dict[str, Any]) -> Any:
        return weighted(row["amount"], row["probability"])


class _PersonSerializer(serializers.Serializer):
    """A contact of a deal."""

    id = serializers.IntegerField()
    full_name = serializers.CharField(allow_blank=True)
    primary_email = serializers.CharField(allow_null=True)


class _StaySerializer(serializers.Serializer):
    """How long a deal stood in a stage; `left_at` is null while it stands there."""

    stage_id = serializers.IntegerField(allow_null=True)
    stage_name = serializers.CharField()
    entered_at = serializers.DateTimeField()
    left_at = serializers.DateTimeField(allow_null=True)
    duration_seconds = serializers.IntegerField()
    user_name = serializers.CharField(allow_null=True)


class DealDetailSerializer(DealSerializer):
    """A deal whole: with its contacts that the caller sees and the stages that it stood in."""

    contacts = serializers.SerializerMethodField()
    stage_history = serializers.SerializerMethodField()

    @extend_schema_field(_PersonSerializer(many=True))
    def get_contacts(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "id": each["contact_id"],
                "full_name": f"{each['contact__first_name']} {each['contact__last_name']}".strip(),
                "primary_email": each["contact__email"] or None,
            }
            for each in people_of(row["id"], self.context["request"].user)
        ]

    @extend_schema_field(_StaySerializer(many=True))
    def get_stage_history(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        now = timezone.now()
        return [
            {
                "stage_id": each["stage_id"],
                "stage_name": each["shown_name"],
                "entered_at": each["entered_at"],
                "left_at": each["left_at"],
                "duration_seconds": int(
                    ((each["left_at"] or now) - each["entered_at"]).total_seconds()
                ),
                "user_name": each["user_name"],
            }
            for each in history_of(row["id"])
        ]


class _OutcomeSerializer(serializers.Serializer):
    """How a deal ended, of one that has: why it was lost, and when if that was not now."""

    lost_reason = LineField(max_length=LONGEST_REASON, required=False, allow_null=True)
    closed_at = MomentField(required=False, allow_null=True)

    def validate_lost_reason(self, reason: str | None) -> str:
        return reason or ""

    def validate_closed_at(self, moment: Any) -> Any:
        if moment is not None and moment > timezone.now():
            raise serializers.ValidationError("Must not be in the future.")
        return moment

    def sent(self, name: str) -> Any:
        return self.validated_data.get(name)

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the deal; who and where are arguments of their own."""
        apart = ("stage_id", "pipeline_id", "contact_ids", "position")
        sent = {name: value for name, value in self.validated_data.items() if name not in apart}
        if sent.get("owner_id"):
            sent["owner_id"] = sent["owner_id"].pk
        return sent


class DealWriteSerializer(_OutcomeSerializer):
    """A deal as it is sent; for a change, what is sent counts."""

    name = LineField(max_length=255)
    pipeline_id = RowIdField(queryset=Pipeline.objects.all())
    stage_id = RowIdField(queryset=Stage.objects.all())
    amount = AmountField(required=False)
    currency = CurrencyField(required=False)
    probability = serializers.IntegerField(min_value=0, max_value=100, required=False)
    expected_close_date = DayField(required=False, allow_null=True)
    owner_id = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.active(), required=False, allow_null=True
    )
    contact_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=MOST_PEOPLE,
        required=False,
    )

    def validate_name(self, name: str) -> str:
        if not name:
            raise serializers.ValidationError("This field is needed.")
        return name


class MoveSerializer(_OutcomeSerializer):
    """Where a deal is to stand: in a stage, below so many of the deals that the caller sees."""

    stage_id = RowIdField(queryset=Stage.objects.all())
    position = serializers.IntegerField(min_value=0, max_value=LARGEST_POSITION, required=False)


class _SumSerializer(serializers.Serializer):
    """What the deals of a stage are worth in one currency; weighted by their probabilities."""

    currency = serializers.CharField()
    count = serializers.IntegerField()
    amount = serializers.DecimalField(20, 2)
    weighted_amount = serializers.DecimalField(20, 2)


class _BoardStageSerializer(serializers.Serializer):
    """A stage of the board: all that stands in it, and the first deals."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=Stage.Kind.choices)
    color = serializers.CharField()
    default_probability = serializers.IntegerField()
    count = serializers.IntegerField()
    totals = _SumSerializer(many=True)
    deals = DealSerializer(many=True)


class DealBoardSerializer(serializers.Serializer):
    """The board of a pipeline, for the schema; board.py makes it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    stages = _BoardStageSerializer(many=True)
