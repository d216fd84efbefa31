"""The one writer of `search_text` and `company_key`, and the look-up that goes with it."""

from __future__ import annotations

from collections.abc import Iterable

from core.search_text import like_pattern, search_needle, search_text
from prospects.pipeline.keys import company_key

SHORT = 3  # a needle with fewer characters has no trigram of its own


def card_search_text(*, company_name: str, people: Iterable[tuple[str, str, str]]) -> str:
    """Return what `search` looks in: the company, and name, email and E.164 phone of each person.

    It starts with a space, so that the start of every word can be looked for as ` word`.
    """
    people = list(people)
    texts = [text for name, email, _ in people for text in (name, email)]
    return " " + search_text(company_name, *texts, phones=[phone for *_, phone in people])


def derived_texts(*, company_name: str, people: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Return the columns of a card that follow from what it and its people are called."""
    return {
        "search_text": card_search_text(company_name=company_name, people=people),
        "company_key": company_key(company_name),
    }


def search_pattern(query: str) -> str | None:
    """Return the LIKE pattern for a search, or None when it holds nothing to look for.

    From three characters on any substring is found; one or two are looked for at the start of a
    word, which is what the trigram index can still serve.
    """
    needle = search_needle(query)
    if not needle:
        return None
    pattern = like_pattern(needle)
    return pattern if len(needle) >= SHORT else f"% {pattern[1:]}"
