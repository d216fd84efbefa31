from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.tenants.models import Tenant
from accounts.users.serializers import UserSerializer


class LoginSerializer(serializers.Serializer):
    """Email, password and, of who has two-factor sign-in, a code."""

    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)
    otp = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        help_text="The authenticator app's code or a backup code. Without one, who needs it is "
        "answered 401 with the code `otp_required`; a wrong or used one, `otp_invalid`.",
    )


class RefreshSerializer(serializers.Serializer):
    """The refresh token of the last login or refresh."""

    refresh_token = serializers.CharField(max_length=4000)


class RegisterSerializer(serializers.Serializer):
    """A new tenant and its first user."""

    name = serializers.CharField(max_length=255)
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(min_length=8, max_length=1000, trim_whitespace=False)
    password_confirmation = serializers.CharField(max_length=1000, trim_whitespace=False)
    tenant_name = serializers.CharField(max_length=255)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["password"] != attrs["password_confirmation"]:
            raise serializers.ValidationError(
                {"password_confirmation": "Does not match the password."}
            )
        return attrs


class TenantSerializer(serializers.ModelSerializer):
    """The tenant, as `login` and `me` show it."""

    class Meta:
        model = Tenant
        fields = ["id", "name", "slug"]
        read_only_fields = fields


class SignedInSerializer(serializers.Serializer):
    """The answer of login, register and refresh."""

    token = serializers.CharField()
    refresh_token = serializers.CharField()
    expires_at = serializers.DateTimeField()
    user = UserSerializer()
    tenant = TenantSerializer()


class MeSerializer(UserSerializer):
    """The caller, with what they may do."""

    permissions = serializers.SerializerMethodField()

    class Meta(UserSerializer.Meta):
        fields = [*UserSerializer.Meta.fields, "permissions"]
        read_only_fields = fields

    def get_permissions(self, user: Any) -> list[str]:
        """Permission codes, `app.codename`, sorted."""
        return sorted(user.permission_codes)


class MeAnswerSerializer(serializers.Serializer):
    """The answer of `me`."""

    data = MeSerializer()  # type: ignore[assignment]
    tenant = TenantSerializer()
