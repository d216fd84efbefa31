"""The door to writing a card: it is locked, and whoever writes may write."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from accounts.users.models import User
from core.errors import DomainError, NotAllowed, NotFound
from core.kept_plans import fetch_kept
from core.tenancy import current_tenant
from prospects.pipeline.models import Prospect
from prospects.pipeline.querysets import seen_condition

LOCK = """
    SELECT {columns}, company.id AS its_company
    FROM prospects_prospect p LEFT JOIN {companies} company ON company.prospect_id = p.id
    WHERE p.id = %s AND p.tenant_id = coalesce(%s, p.tenant_id) AND p.deleted_at IS NULL AND {seen}
    FOR UPDATE OF p
"""


def lock_prospect(
    prospect_id: int, *, columns: Iterable[str], seen_by: User | None = None
) -> Prospect:
    """Return a live card, locked until the transaction ends, with its company if it has one.

    Every door writes to cards through here: it is where a share for looking ends.

    :param columns: what is read of it; anything else costs a statement when it is asked for.
    :param seen_by: who writes; None when it is certain that they may.
    :raises NotFound: there is no such live card, or `seen_by` may not see it.
    :raises NotAllowed: `seen_by` may see it, but not change it.
    """
    names = _names(tuple(columns))
    seen, params = seen_condition(seen_by, to_change=True) if seen_by else ("true", ())
    companies = _company_relation().related_model._meta.db_table
    listed = ", ".join(f"p.{name}" for name in names)
    sql = LOCK.format(columns=listed, companies=companies, seen=seen)
    rows = fetch_kept(sql, (prospect_id, current_tenant(), *params))
    if not rows:
        raise _refusal(prospect_id, seen_by)
    return _card(rows[0], names)


@lru_cache
def _names(columns: tuple[str, ...]) -> list[str]:
    """The columns that are read, in the order that from_db wants."""
    fields = {Prospect._meta.get_field(name) for name in ("id", "tenant_id", *columns)}
    return [field.attname for field in Prospect._meta.concrete_fields if field in fields]


def _company_relation() -> Any:
    """The company is the one above: reached by the relation's name, never by import."""
    return Prospect._meta.get_field("company")


def _card(row: dict[str, Any], names: list[str]) -> Prospect:
    card: Prospect = Prospect.from_db("default", names, [row[name] for name in names])
    relation, company = _company_relation(), None
    if row["its_company"] is not None:
        values = [row["its_company"], card.pk]
        company = relation.related_model.from_db("default", ["id", "prospect_id"], values)
    relation.set_cached_value(card, company)
    return card


def _refusal(prospect_id: int, seen_by: User | None) -> DomainError:
    """Why a card could not be locked. Only who may see it is told that it is there."""
    visible = Prospect.objects.visible_to(seen_by) if seen_by else Prospect.objects.none()
    if visible.filter(pk=prospect_id).exists():
        return NotAllowed("This prospect was shared with you for looking only.")
    return NotFound("There is no such prospect.")


def find_survivor(prospect_id: int, *, seen_by: User | None) -> int | None:
    """Return the card that a merged card went into, if `seen_by` may see it.

    :param seen_by: None sees every card.
    """
    merged = Prospect.all_objects.filter(pk=prospect_id, deleted_at__isnull=False)
    into: int | None = merged.values_list("merged_into", flat=True).first()
    if into is None:
        return None
    seen = Prospect.objects.visible_to(seen_by) if seen_by else Prospect.objects.all()
    return into if seen.filter(pk=into).exists() else None
