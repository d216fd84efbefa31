"""Migrations that create much, quickly."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from pgtrigger.migrations import AddTrigger

KINDS = ((CreateModel,), (AddField,), (AddIndex, AddConstraint, AddTrigger))


class AtOnce(Operation):
    """Operations of one kind, of which none needs the models as another one leaves them.

    After each operation Django puts together anew every model that is connected with the changed
    one. Here all models are, once: making a new database takes a quarter of the time.
    """

    reduces_to_sql = True

    def __init__(self, operations: list[Any]) -> None:
        self.operations = operations

    @property
    def reversible(self) -> bool:  # type: ignore[override]
        """Whether each of them is."""
        return all(operation.reversible for operation in self.operations)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change what is known of the models; they are put together when next asked for."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Change the database, one after the other."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Take it back, the last one first."""
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What each of them does, for `migrate --plan`."""
        return "; ".join(operation.describe() for operation in self.operations)


def at_once(operations: Iterable[Any]) -> list[Any]:
    """Return the operations of a migration with neighbours of one kind put together."""
    grouped: list[Any] = []
    for _, neighbours in groupby(operations, _kind):
        run = list(neighbours)
        grouped.append(run[0] if len(run) == 1 else AtOnce(run))
    return grouped


def _kind(operation: Any) -> int:
    """A number that is the same for operations of one kind, and of no other."""
    for number, kind in enumerate(KINDS):
        if isinstance(operation, kind):
            return number
    return id(operation)
