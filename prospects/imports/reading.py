"""Rows as they come, turned into columns of the card."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.emails import InvalidEmail
from core.phones import InvalidPhone, to_e164
from core.values import InvalidValue
from prospects.imports.fields import Field
from prospects.pipeline.bulk import Values

# Kind and value of something that identifies a card.
Key = tuple[str, str]
# Field, key of the row, column of the card, how to read a cell, code of its error, cells read.
_Step = tuple[str, str, str, Callable[[Any], Any], str, dict[str, Any]]


class Problem(NamedTuple):
    """Why a row cannot be used: a code for programs, a message for people."""

    code: str
    message: str


# Most columns repeat a few short cells: so many of each are read but once.
_MOST_REMEMBERED = 1000
_LONGEST_REMEMBERED = 100

EMPTY_ROW = Problem("EMPTY_ROW", "The row has no name, company, email, phone or external id.")


@dataclass(slots=True)
class Candidate:
    """A row and the columns of a card that it gives, normalised; what is blank is not given."""

    number: int
    given: Mapping[str, Any]
    values: Values
    problem: Problem | None = None
    keys: list[Key] = field(default_factory=list)


def identifying_keys(values: Values) -> list[Key]:
    """What a card or a row is found by: its email, phone and external id, as (kind, key)."""
    keys = []
    if values.get("email"):
        keys.append(("email", values["email"]))
    if values.get("phone"):
        keys.append(("phone", f"{values['phone_code']} {values['phone']}"))
    if values.get("external_id"):
        keys.append(("external_id", values["external_id"]))
    return keys


class RowReader:
    """Reads rows whose cells stand under `sources`, a key of the row for each field's name.

    `constants` are columns of every row, `phone_code` and `region` (an ISO country) where a phone
    is dialled that does not say so itself.
    """

    def __init__(
        self,
        *,
        fields: Mapping[str, Field],
        sources: Mapping[str, str],
        region: str,
        constants: Values,
        phone_code: object = None,
    ) -> None:
        self.sources = sources
        # Unpacked once: this is run for every cell of a file. The last is what cells were read as.
        self._steps: list[_Step] = [
            (name, sources[name], *fields[name], {}) for name in sources if name in fields
        ]
        self._phone_key: Any = sources.get("phone")
        self._code_key: Any = sources.get("code")
        self._region = region
        self._constants = constants
        self._phone_code = phone_code

    def read(self, number: int, given: Mapping[str, Any]) -> Candidate:
        """The row as a candidate, with the first problem that it has."""
        row = Candidate(number, given, self._constants.copy())
        values = row.values
        for name, key, column, read, code, remembered in self._steps:
            raw = given.get(key)
            if raw is None or raw == "":
                continue
            value = remembered.get(raw) if type(raw) is str else None
            if value is None:
                try:
                    value = _read_cell(raw, read, remembered)
                except (InvalidValue, InvalidEmail) as error:
                    row.problem = Problem(code, _sentence(name, error))
                    return row
            if value != "":
                values[column] = value
        row.problem = self._read_phone(row)
        if row.problem is None:
            row.keys = identifying_keys(values)
            if not (row.keys or values.get("name") or values.get("company_name")):
                row.problem = EMPTY_ROW
        return row

    def _read_phone(self, row: Candidate) -> Problem | None:
        number = _stripped(row.given.get(self._phone_key))
        if number is None:
            return None
        code = _stripped(row.given.get(self._code_key))
        try:
            phone = to_e164(self._phone_code if code is None else code, number, self._region)
        except InvalidPhone as error:
            return Problem("INVALID_PHONE", _sentence("phone", error))
        row.values["phone_code"], row.values["phone"] = phone.code, phone.national
        return None


def _read_cell(raw: Any, read: Callable[[Any], Any], remembered: dict[str, Any]) -> Any:
    """What the cell says, "" if it is blank. Short texts are remembered."""
    cell = _stripped(raw)
    value = "" if cell is None else read(cell)
    if len(remembered) < _MOST_REMEMBERED and type(raw) is str and len(raw) <= _LONGEST_REMEMBERED:
        remembered[raw] = value
    return value


def _stripped(raw: Any) -> Any:
    """The value without blanks around it; None for one that is not given."""
    return raw.strip() or None if isinstance(raw, str) else raw


def _sentence(name: str, error: Exception) -> str:
    """What is wrong, with the field's name: InvalidValue's messages begin where that stops."""
    return f"{name} {error}" if isinstance(error, InvalidValue) else f"{name}: {error}"
