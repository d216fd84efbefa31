"""Which column of a file fills which field."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from core.errors import InvalidInput
from core.search_text import search_needle
from prospects.imports.references import LISTS

FIELDS = (
    *("name", "company", "email", "phone", "code", "external_id", "locale", "type", "owner"),
    *("category", "category_changed_at", "created_at", "channel", "account_type"),
    *("account_value", "monthly_shipments", "estimated_close_date", "commercial_offer_date"),
    *("annotations", *LISTS),
)
# A row says these of itself; said of all rows they make all but one a duplicate.
IDENTIFYING = ("email", "phone", "external_id")

_SYNONYMS = {
    "name": "nombre|nombre completo|full name|contacto|contact|contact name|nombre del contacto",
    "company": "empresa|compania|razon social|negocio|company name|organization|organizacion",
    "email": "correo|correo electronico|e-mail|mail|email address",
    "phone": (
        "telefono|tel|tel.|celular|movil|whatsapp|phone number|mobile|telefono celular|numero de "
        "telefono"
    ),
    "code": "lada|codigo|codigo de pais|phone code|country code|clave lada",
    "external_id": "id externo|external key",
    "locale": "pais|country|locale id",
    "type": "tipo",
    "owner": "vendedor|responsable|ejecutivo|asesor|salesman|propietario|created by",
    "category": "categoria|etapa|seguimiento|follow up|stage",
    "created_at": "creado|fecha de creacion|fecha de alta|fecha de registro|created",
    "channel": "canal|origen",
    "account_type": "tipo de cuenta",
    "account_value": "valor|valor de la cuenta|monto",
    "monthly_shipments": "envios|envios mensuales|envios al mes|shipments",
    "estimated_close_date": "cierre|cierre estimado|fecha de cierre|fecha estimada de cierre",
    "commercial_offer_date": "fecha de oferta|oferta comercial",
    "annotations": "notas|nota|comentarios|observaciones|notes|comments",
    "ecommerce_type": "plataforma|ecommerce|tienda",
    "weight_range": "peso|rango de peso|weight",
    "content": "contenido|giro",
    "plan_type": "plan",
    "lead_status": "estado del lead|status del lead",
    "campaign": "campana",
    "onboarding_status": "onboarding",
}


def _plain(header: str) -> str:
    return search_needle(header.replace("_", " "))


_FIELD_OF = {
    _plain(word): field
    for field in FIELDS
    for word in (*_SYNONYMS.get(field, field).split("|"), field)
}


def map_columns(
    columns: Sequence[str], wanted: Mapping[str, str], constants: Collection[str]
) -> dict[str, str]:
    """Return the column that fills each field.

    What `wanted` ({column: field}) does not say, a column's own name does, in Spanish or English;
    a field that is the same for all rows (`constants`) is not read from the file. A column that is
    wanted for "" fills nothing.

    :raises InvalidInput: `wanted` names a column or field that there is not, or a field twice; or
        the file has no column that anything is known of.
    """
    chosen = _chosen(columns, wanted)
    filled: dict[str, str] = {}
    for column, field in chosen.items():
        if field in filled:
            raise InvalidInput(f"Two columns are mapped to {field}: {filled[field]} and {column}.")
        if field:
            filled[field] = column
    for column in columns:
        field = _FIELD_OF.get(_plain(column), "")
        if field and column not in chosen:
            filled.setdefault(field, column)
    if not filled:
        raise InvalidInput(f"No column of the file is known. It has: {', '.join(columns)}.")
    return {field: column for field, column in filled.items() if field not in constants}


def _chosen(columns: Sequence[str], wanted: Mapping[str, str]) -> dict[str, str]:
    """The mapping with the columns as the file writes them."""
    known = {column.casefold(): column for column in columns}
    for column, field in wanted.items():
        if column.strip().casefold() not in known:
            has = ", ".join(columns)
            raise InvalidInput(f"The file has no column {column!r}. It has: {has}.")
        if field and field not in FIELDS:
            raise unknown_field(field)
    return {known[column.strip().casefold()]: field for column, field in wanted.items()}


def unknown_field(name: str) -> InvalidInput:
    """The error for a name that is no field's."""
    return InvalidInput(f"There is no field {name!r}. There are: {', '.join(FIELDS)}.")
