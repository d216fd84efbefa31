from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.users.models import User


class EmailSerializer(serializers.Serializer):
    """Whose password it is."""

    email = serializers.EmailField(max_length=254)


class NewPasswordSerializer(serializers.Serializer):
    """A password, twice."""

    password = serializers.CharField(max_length=1000, trim_whitespace=False)
    password_confirmation = serializers.CharField(max_length=1000, trim_whitespace=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["password"] != attrs["password_confirmation"]:
            message = "Does not match the password."
            raise serializers.ValidationError({"password_confirmation": message})
        return attrs


class PasswordByLinkSerializer(NewPasswordSerializer):
    """A password, by the token of the link that was mailed."""

    token = serializers.CharField(max_length=200)


class PasswordChangeSerializer(NewPasswordSerializer):
    """A new password, by whoever knows the current one."""

    current_password = serializers.CharField(max_length=1000, trim_whitespace=False)


class InvitationSerializer(serializers.Serializer):
    """A colleague to be."""

    name = serializers.CharField(max_length=255)
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=User.Role.choices)
