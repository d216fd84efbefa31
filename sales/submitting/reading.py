"""What was sent by a form: kept as it is, checked by its fields, and as columns of a contact."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.emails import InvalidEmail, normalize_email
from core.errors import InvalidInput
from core.letters import one_line
from core.phones import InvalidPhone, to_e164
from core.values import InvalidValue, clean_text
from prospects.contacts.models import split_name
from sales.forms.models import FormField
from sales.submitting.guarding import TOKEN

MOST_KEYS, LONGEST_KEY, LONGEST_VALUE = 100, 100, 10_000
LONGEST_LINE, LONGEST_MESSAGE, LONGEST_CUSTOM = 255, 5000, 1000
LARGEST_NUMBER = 2**53
TICKED = frozenset(("true", "on", "1", "yes", "sí", "si"))
# Names of fields → columns of a new contact, with room for so many characters.
COLUMNS = {"first_name": 127, "last_name": 127, "position": 255, "city": 255, "country": 100}
SPECIAL = {*COLUMNS, "name", "company", "message"}

Type = FormField.Type


@dataclass
class Person:
    """Who sent a form, by what they sent."""

    email: str = ""
    columns: dict[str, Any] = field(default_factory=dict)  # of a contact
    company_name: str = ""
    message: str = ""


def keep_data(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was sent, to be kept as it is.

    :raises InvalidInput: it is more than a form holds.
    """
    if len(sent) > MOST_KEYS:
        raise InvalidInput.of("non_field_errors", _("At most %d fields.") % MOST_KEYS)
    kept = {}
    for key, value in sent.items():
        if key != TOKEN:
            name = _checked(key[:LONGEST_KEY], key, LONGEST_KEY)
            kept[name] = _kept(name, value)
    return kept


def _kept(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST_NUMBER:
        return value
    if isinstance(value, dict | list):
        value = _as_json(name, value)
    return _checked(name, str(value), LONGEST_VALUE)


def _as_json(name: str, value: Any) -> str:
    """Return nested values as a text: also numbers of any size, which visitors may send."""
    try:
        return json.dumps(value, default=str, ensure_ascii=False, separators=(",", ":"))
    except (RecursionError, ValueError) as error:
        raise InvalidInput.of(name, _("This cannot be read.")) from error


def _checked(name: str, text: str, longest: int) -> str:
    try:
        return clean_text(text, longest)
    except InvalidValue as error:
        is_long = len(text.strip()) > longest
        said = _("At most %d characters.") % longest if is_long else _("This cannot be read.")
        raise InvalidInput.of(name.replace("\x00", ""), said) from error


def read_person(fields: Iterable[FormField], data: Mapping[str, Any], *, region: str) -> Person:
    """Return who sent this data.

    :param region: the country of phones without a code.
    :raises InvalidInput: naming each field that is missing or wrong.
    """
    fields, person = list(fields), Person()
    data = {**data, **_names(data, {asked.name for asked in fields})}
    errors: dict[str, list[str]] = {}
    custom: dict[str, Any] = {}
    for asked in fields:
        try:
            value = _read(asked, data.get(asked.name), region)
        except ValueError as error:
            errors[asked.name] = [str(error)]
            continue
        if value not in ("", False):
            _take(person, custom, asked, value)
    if errors:
        raise InvalidInput(_("Some fields are missing or wrong."), fields=errors)
    if custom:
        person.columns["custom_fields"] = custom
    return person


def _names(data: Mapping[str, Any], asked: set[str]) -> dict[str, str]:
    """A name as the form asks for it, of one that was sent in one or in two pieces."""
    whole, *parts = (
        str(data.get(key) or "").strip() for key in ("name", "first_name", "last_name")
    )
    if "name" in asked and not whole and any(parts):
        return {"name": " ".join(filter(None, parts))}
    if "first_name" in asked and whole and not any(parts):
        return split_name(whole)
    return {}


def _read(asked: FormField, value: Any, region: str) -> Any:
    """Return a field's value: a text, a phone, or whether it is ticked.

    :raises ValueError: in words for the visitor.
    """
    text = "" if value is None or value is False else str(value).strip()
    is_ticked = asked.type == Type.CHECKBOX and text.lower() in TICKED
    is_missing = not text or (asked.type == Type.CHECKBOX and not is_ticked)
    if is_missing:
        if asked.is_required:
            raise ValueError(_("This field is needed."))
        return ""
    return True if is_ticked else _read_text(asked, text, region)


def _read_text(asked: FormField, text: str, region: str) -> Any:
    if asked.type == Type.EMAIL:
        try:
            return normalize_email(text)
        except InvalidEmail:
            raise ValueError(_("This is not an email address.")) from None
    if asked.type == Type.PHONE:
        try:
            return to_e164(None, text, region)
        except InvalidPhone:
            raise ValueError(_("This is not a phone number.")) from None
    if asked.type == Type.SELECT and text not in asked.options:
        raise ValueError(_("Choose one of the list."))
    longest = LONGEST_MESSAGE if asked.type == Type.TEXTAREA else LONGEST_LINE
    if len(text) > longest:
        raise ValueError(_("At most %d characters.") % longest)
    return text if asked.type == Type.TEXTAREA else one_line(text)


def _take(person: Person, custom: dict[str, Any], asked: FormField, value: Any) -> None:
    """Put a value where it belongs. The first email and the first phone are the person's own."""
    columns = person.columns
    if asked.type == Type.EMAIL and not person.email:
        person.email = columns["email"] = value
    elif asked.type == Type.PHONE and "phone" not in columns:
        columns |= {"phone_code": value.code, "phone": value.national}
    elif asked.type in (Type.TEXT, Type.TEXTAREA, Type.SELECT) and asked.name in SPECIAL:
        _take_known(person, asked.name, value)
    else:
        custom[asked.name] = value.e164 if asked.type == Type.PHONE else _short(value)


def _take_known(person: Person, name: str, value: str) -> None:
    if name == "message":
        person.message = value
    elif name == "company":
        person.company_name = value[:LONGEST_LINE]
    elif name == "name":
        person.columns |= split_name(one_line(value)[:LONGEST_LINE])
    else:
        person.columns[name] = one_line(value)[: COLUMNS[name]]


def _short(value: Any) -> Any:
    return value[:LONGEST_CUSTOM] if isinstance(value, str) else value
