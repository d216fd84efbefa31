from __future__ import annotations

from rest_framework import serializers

from prospects.duplicates.probes import Evidence


class EvidenceSerializer(serializers.Serializer):
    """Something that two cards have in common."""

    key = serializers.ChoiceField(choices=Evidence.values)
    value = serializers.CharField(help_text="As it was compared: a name without its legal form, …")


class DuplicateSerializer(serializers.Serializer):
    """A card that may be about the same company or person (services.duplicates_of makes it)."""

    id = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    company_name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone_code = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    company_id = serializers.IntegerField(allow_null=True)
    follow_up_id = serializers.IntegerField()
    follow_name = serializers.CharField()
    created_by = serializers.IntegerField(allow_null=True)
    created_by_name = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    evidence = EvidenceSerializer(many=True)
