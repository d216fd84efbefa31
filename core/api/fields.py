"""Fields that read what people and programs really send."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.amounts import parse_money
from core.currencies import parse_currency
from core.emails import normalize_email
from core.kept_plans import fetch_kept
from core.links import parse_link
from core.moments import parse_date, parse_when
from core.tenancy import current_tenant
from core.values import clean_text, parse_count


class _ReadField(serializers.Field):
    """Reads with a function that raises ValueError; writes the value as it is."""

    def read(self, value: Any) -> Any:
        raise NotImplementedError

    def to_internal_value(self, data: Any) -> Any:
        try:
            return self.read(data)
        except ValueError as error:
            raise serializers.ValidationError(_sentence(str(error))) from error

    def to_representation(self, value: Any) -> Any:
        return value


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."


@extend_schema_field({"type": "number", "minimum": 0, "maximum": 999_999_999_999.99})
class AmountField(_ReadField):
    """Money, 0.00 to 999,999,999,999.99: a JSON number or its text."""

    def read(self, value: Any) -> Any:
        return parse_money(value)


@extend_schema_field({"type": "string", "minLength": 3, "maxLength": 3})
class CurrencyField(_ReadField):
    """A currency of ISO 4217, such as MXN."""

    def read(self, value: Any) -> Any:
        return parse_currency(clean_text(value, 40))


@extend_schema_field({"type": ["integer", "string"], "minimum": 0})
class CountField(_ReadField):
    """A whole number from 0 on; of a band ("100-500") its lower bound."""

    def read(self, value: Any) -> Any:
        return parse_count(value)


@extend_schema_field({"type": "string", "format": "date"})
class DayField(_ReadField):
    """A day; of a timestamp, its date."""

    def read(self, value: Any) -> Any:
        return parse_date(value)


@extend_schema_field({"type": "string", "format": "date-time"})
class MomentField(_ReadField):
    """A moment; without an offset it is read in the time zone of the caller's tenant."""

    def read(self, value: Any) -> Any:
        return parse_when(value, self.context["request"].user.tenant.zone)


@extend_schema_field({"type": "string", "maxLength": 254})
class AddressField(_ReadField):
    """An email address, lower-cased; "" for none."""

    def read(self, value: Any) -> Any:
        return normalize_email(value) if value not in ("", None) else ""


@extend_schema_field({"type": "string"})
class LineField(_ReadField):
    """A short text without the blanks around it; a number is taken as its text, null as ""."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        self.max_length = max_length
        super().__init__(**kwargs)

    def read(self, value: Any) -> Any:
        return clean_text(value, self.max_length)


class RowIdField(serializers.PrimaryKeyRelatedField):
    """The id of a row that the tenant acted for has; read as the id, without loading the row."""

    def to_internal_value(self, data: Any) -> int:
        try:
            if isinstance(data, bool):
                raise TypeError
            pk = int(data)
        except (TypeError, ValueError, OverflowError):
            self.fail("incorrect_type", data_type=type(data).__name__)
        rows: Any = self.queryset  # type: ignore[misc,arg-type]
        sql, params = _ids_of(rows.model, current_tenant())
        if not 0 < pk < 2**63 or not fetch_kept(sql, (*params, pk)):
            self.fail("does_not_exist", pk_value=data)
        return pk


@lru_cache(maxsize=4096)
def _ids_of(model: Any, tenant_id: int | None) -> tuple[str, tuple[Any, ...]]:
    """SQL that finds a row by its id; putting it together is paid once for a tenant."""
    sql, params = model.objects.order_by().values("pk").query.sql_with_params()
    return f"SELECT id FROM ({sql}) AS found(id) WHERE id = %s", params


@extend_schema_field({"type": "string", "format": "uri"})
class LinkField(LineField):
    """An http(s) link; "" for none."""

    def read(self, value: Any) -> Any:
        return parse_link(value, self.max_length)
