"""Rows as they come, turned into columns of the card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.emails import InvalidEmail
from core.phones import InvalidPhone, to_e164
from prospects.imports.fields import Field
from prospects.imports.values import InvalidValue
from prospects.pipeline.bulk import Values

IDENTITY = ("email", "phone", "external_id", "name", "company_name")


class Problem(NamedTuple):
    """Why a row cannot be used: a code for programs, a message for people."""

    code: str
    message: str


EMPTY_ROW = Problem("EMPTY_ROW", "The row has no name, company, email, phone or external id.")


@dataclass(slots=True)
class Candidate:
    """A row and the columns of a card that it gives, normalised; what is blank is not given."""

    number: int
    given: Mapping[str, Any]
    values: Values
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows whose cells stand under `sources`, a key of the row for each field's name.

    `constants` are columns of every row, `phone_code` and `region` (an ISO country) where a phone
    is dialled that does not say so itself.
    """

    fields: Mapping[str, Field]
    sources: Mapping[str, str]
    region: str
    constants: Values
    phone_code: object = None

    def read(self, number: int, given: Mapping[str, Any]) -> Candidate:
        """The row as a candidate, with the first problem that it has."""
        row = Candidate(number, given, dict(self.constants))
        values = row.values
        for name, key in self.sources.items():
            raw = _stripped(given.get(key))
            field = self.fields.get(name)
            if raw is None or field is None:
                continue
            try:
                value = field.read(raw)
            except (InvalidValue, InvalidEmail) as error:
                row.problem = Problem(field.code, _sentence(name, error))
                return row
            if value != "":
                values[field.column] = value
        row.problem = self._read_phone(row)
        if row.problem is None and not any(values.get(column) for column in IDENTITY):
            row.problem = EMPTY_ROW
        return row

    def _read_phone(self, row: Candidate) -> Problem | None:
        number = _stripped(row.given.get(self.sources.get("phone", "")))
        if number is None:
            return None
        code = _stripped(row.given.get(self.sources.get("code", "")))
        try:
            phone = to_e164(self.phone_code if code is None else code, number, self.region)
        except InvalidPhone as error:
            return Problem("INVALID_PHONE", _sentence("phone", error))
        row.values["phone_code"], row.values["phone"] = phone.code, phone.national
        return None


def _stripped(raw: Any) -> Any:
    """The value without blanks around it; None for one that is not given."""
    if isinstance(raw, str):
        return raw.strip() or None
    return raw


def _sentence(name: str, error: Exception) -> str:
    """What is wrong, with the field's name: InvalidValue's messages begin where that stops."""
    return f"{name} {error}" if isinstance(error, InvalidValue) else f"{name}: {error}"
