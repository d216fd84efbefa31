"""Who cannot be deleted: people with whom something was agreed. The apps above say with whom."""

from __future__ import annotations

from collections.abc import Callable, Collection

from core.errors import DomainError

FindKept = Callable[[Collection[int]], Collection[int]]
_finders: list[FindKept] = []


class HasDocuments(DomainError):
    """There are documents with this person, or with one of this card, that are not drafts."""

    code = "has_documents"


def keeps_people(find: FindKept) -> FindKept:
    """Register how to find, among the ids of contacts, those that must stay."""
    _finders.append(find)
    return find


def kept_people(contact_ids: Collection[int]) -> set[int]:
    """Return those of these contacts that must stay.

    Ask after they were locked (deleted, in a transaction that can still fail): whoever makes an
    agreement with a person locks them too.
    """
    return {pk for find in _finders for pk in find(contact_ids)} if contact_ids else set()


def refuse_kept(contact_ids: Collection[int]) -> None:
    """Refuse to delete people when one of them must stay.

    :raises HasDocuments: one must.
    """
    if kept_people(contact_ids):
        raise HasDocuments("There are quotes, invoices or contracts with this contact: it stays.")
