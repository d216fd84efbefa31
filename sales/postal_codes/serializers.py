from __future__ import annotations

from rest_framework import serializers


class PlaceSerializer(serializers.Serializer):
    """What is known of a postal code; empty texts where nothing is."""

    found = serializers.BooleanField()
    municipality = serializers.CharField()
    city = serializers.CharField()
    state = serializers.CharField()
    colonies = serializers.ListField(child=serializers.CharField())
