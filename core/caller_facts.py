"""What apps want to know about a caller with every request: the sign-in's statement reads it too.

A fact decides how a question is put, never who may do what.
"""

from __future__ import annotations

from typing import Any

from core.kept_plans import fetch_kept

_expressions: dict[str, str] = {}


def add_fact(name: str, expression: str) -> None:
    """Declare a fact, when its app is loaded.

    :param expression: SQL on `u`, the user's row.
    """
    _expressions[name] = expression


def facts_sql() -> str:
    """Return all facts as columns of a SELECT from accounts_user u."""
    return ", ".join(f"{expression} AS {name}" for name, expression in _expressions.items())


def fact(user: Any, name: str) -> Any:
    """Return a fact about a user; looked up for those who have not come with a request."""
    if not hasattr(user, "facts"):
        sql = f"SELECT {facts_sql()} FROM accounts_user u WHERE u.id = %s"
        (user.facts,) = fetch_kept(sql, [user.pk])
    return user.facts[name]
