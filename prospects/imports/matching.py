"""The one rule by which rows, of a batch or a file, are new, known or duplicates of each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from prospects.imports.known import Card, KnownCards
from prospects.imports.models import ImportRow
from prospects.imports.reading import Candidate, identifying_keys
from prospects.pipeline.bulk import Values

Verdict = ImportRow.Verdict

_NAMES = {"email": "email", "phone": "phone", "external_id": "external id"}
# When a card was made does not change; since when its category holds has a rule of its own.
_MOMENTS = frozenset(("created_at", "category_changed_at"))


class Rule(NamedTuple):
    """How a door treats rows that match a card.

    A row may change the card that one of `updating_keys` names, if `updates`; without changes it is
    a duplicate, or `unchanged` where `tolerates_repeats`.
    """

    updating_keys: frozenset[str]
    updates: bool
    tolerates_repeats: bool


CREATING = Rule(frozenset(), updates=False, tolerates_repeats=False)
PROCESSING = Rule(frozenset(("email", "external_id")), updates=True, tolerates_repeats=False)


def file_rule(*, updates: bool) -> Rule:
    """A file's rows are known by external id alone, and importing it again is no error."""
    return Rule(frozenset(("external_id",)), updates, tolerates_repeats=True)


@dataclass(slots=True)
class Judgement:
    """What is to happen to a row, and why. `card_id` is one that the caller may see."""

    row: Candidate
    verdict: str
    code: str = ""
    message: str = ""
    card_id: int | None = None
    changes: Values = field(default_factory=dict)


def judge_rows(
    rows: Iterable[Candidate], known: KnownCards, rule: Rule, seen: set[int]
) -> list[Judgement]:
    """Judge rows in their order.

    :param seen: keys (row_keys) of the accepted rows before these; those of the rows accepted here
        are added. A rejected row does not stand in the way of later ones.
    """
    judgements = []
    for row in rows:
        keys = row_keys(row)
        judgement = _judge(row, keys, known, rule, seen)
        if judgement.verdict in (Verdict.CREATE, Verdict.UPDATE, Verdict.UNCHANGED):
            seen.update(keys)
        judgements.append(judgement)
    return judgements


def row_keys(row: Candidate) -> list[int]:
    """What another row of the same batch or file must not repeat, each as 64 bits."""
    return [hash(key) for key in row.keys]


def _judge(
    row: Candidate, keys: list[int], known: KnownCards, rule: Rule, seen: set[int]
) -> Judgement:
    if row.problem:
        return Judgement(row, Verdict.ERROR, *row.problem)
    if not seen.isdisjoint(keys):
        return _repeated(row, keys, seen)
    matches = known.matches(row.keys)
    if not matches:
        return Judgement(row, Verdict.CREATE)
    return _judge_match(row, matches, known, rule)


def _judge_match(
    row: Candidate, matches: list[tuple[str, Card]], known: KnownCards, rule: Rule
) -> Judgement:
    kind, card = matches[0]
    updating = [each for each, _ in matches if each in rule.updating_keys]
    is_one_card = all(other is card for _, other in matches)
    if not updating or not is_one_card or not known.is_changeable(card):
        return _duplicate(row, kind, card, known)
    changes = changes_of(row.values, card)
    if not changes and rule.tolerates_repeats:
        return Judgement(row, Verdict.UNCHANGED, card_id=card["id"])
    if not changes or not rule.updates:
        return _duplicate(row, updating[0], card, known)
    return Judgement(row, Verdict.UPDATE, card_id=card["id"], changes=changes)


def changes_of(values: Values, card: Card) -> Values:
    """The columns that the row would change; a category always with the moment it counts from.

    That moment is absent where it is the one of writing.
    """
    changes = {
        column: value
        for column, value in values.items()
        if column not in _MOMENTS and card[column] != value
    }
    if not changes.keys().isdisjoint(("phone_code", "phone")):
        changes |= {"phone_code": values["phone_code"], "phone": values["phone"]}
    since = values.get("category_changed_at")
    if since is not None and ("category_id" in changes or since != card["category_changed_at"]):
        changes["category_changed_at"] = since
    return changes


def duplicate_of(values: Values, known: KnownCards) -> tuple[str, str, int | None]:
    """Code, message and card id for a row that turned out to be a duplicate while being written.

    The card that was in its way may be gone again, or be taken from the caller's eyes.
    """
    for kind, card in known.matches(identifying_keys(values)):
        return _duplicate_words(kind, card, known)
    message = "Another prospect had this email, phone or external id a moment ago."
    return "DUPLICATE_EMAIL", message, None


def _duplicate(row: Candidate, kind: str, card: Card, known: KnownCards) -> Judgement:
    return Judgement(row, Verdict.DUPLICATE, *_duplicate_words(kind, card, known))


def _duplicate_words(kind: str, card: Card, known: KnownCards) -> tuple[str, str, int | None]:
    message = f"Another prospect has this {_NAMES[kind]}."
    visible_id = card["id"] if known.is_visible(card) else None
    return f"DUPLICATE_{kind.upper()}", message, visible_id


def _repeated(row: Candidate, keys: list[int], seen: set[int]) -> Judgement:
    pairs = zip(row.keys, keys, strict=True)
    kind = next(kind for (kind, _), key in pairs if key in seen)
    message = f"An earlier row has the same {_NAMES[kind]}."
    return Judgement(row, Verdict.DUPLICATE, "DUPLICATE_IN_BATCH", message)
