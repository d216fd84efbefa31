"""Links that cannot leave a tenant.

A plain foreign key lets any code store a link from one tenant's row to another's. Here the
database compares both columns: (tenant_id, x_id) must exist as (tenant_id, id) in the target.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.ddl_references import Statement, Table
from django.db.models.constraints import BaseConstraint

ON_DELETE_SQL: dict[Any, str] = {
    models.CASCADE: "CASCADE",
    models.SET_NULL: "SET NULL ({column})",
    models.PROTECT: "NO ACTION",
    models.DO_NOTHING: "NO ACTION",
}


def tenant_key(table: str) -> models.UniqueConstraint:
    """The unique key (tenant, id) that composite foreign keys to this table point at."""
    return models.UniqueConstraint(fields=["tenant", "id"], name=f"{table}_tenant_key")


def proved_tenant() -> models.ForeignKey:
    """The tenant of a table that has a composite foreign key which is never null.

    That key proves the tenant; a plain one beside it would only make every row dearer to insert.
    """
    return models.ForeignKey(
        "accounts.Tenant",
        on_delete=models.CASCADE,
        related_name="+",
        editable=False,
        db_index=False,
        db_constraint=False,
    )


class CompositeForeignKey(BaseConstraint):
    """FOREIGN KEY (tenant_id, column) REFERENCES to_table (tenant_id, id).

    Checked at once, so that an error names the statement that caused it; deferrable, so that a
    whole tenant can be removed or restored table by table.
    """

    def __init__(self, *, name: str, column: str, to_table: str, on_delete: str) -> None:
        super().__init__(name=name)
        self.column = column
        self.to_table = to_table
        self.on_delete = on_delete

    def _definition(self, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY (tenant_id, {quote(self.column)}) "
            f"REFERENCES {quote(self.to_table)} (tenant_id, id) "
            f"ON DELETE {self.on_delete.format(column=quote(self.column))} "
            "DEFERRABLE INITIALLY IMMEDIATE"
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        self.create_sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Queue the constraint for the end of the migration, when the target's key is there."""
        schema_editor.deferred_sql.append(
            Statement(
                f"ALTER TABLE %(table)s ADD {self._definition(schema_editor)}",
                table=Table(model._meta.db_table, schema_editor.quote_name),
            )
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return Statement(
            f"ALTER TABLE %(table)s DROP CONSTRAINT {schema_editor.quote_name(self.name)}",
            table=Table(model._meta.db_table, schema_editor.quote_name),
        )

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to ask beforehand: forms and serializers look targets up inside the tenant."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"column": self.column, "to_table": self.to_table, "on_delete": self.on_delete}
        return path, tuple(args), kwargs

    def __eq__(self, other: object) -> bool:
        if isinstance(other, CompositeForeignKey):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)


class TenantForeignKey(models.ForeignKey):
    """A foreign key to a row of the same tenant, held by a composite constraint."""

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False  # the composite constraint replaces the plain one
        super().__init__(to, on_delete, **kwargs)

    def contribute_to_class(self, cls: Any, name: str, *args: Any, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, *args, **kwargs)
        is_historical = cls.__module__ == "__fake__"  # migrations state the constraint themselves
        if not (cls._meta.abstract or is_historical or hasattr(cls, "pgh_trackers")):
            models.signals.class_prepared.connect(self._add_constraint, sender=cls)

    def _add_constraint(self, sender: Any, **kwargs: Any) -> None:
        options = sender._meta
        target = self.remote_field.model
        if target == "self":
            to_table = options.db_table
        elif isinstance(target, str):
            to_table = target.replace(".", "_").lower()  # not loaded yet: Django's default name
        else:
            to_table = target._meta.db_table
        constraint = CompositeForeignKey(
            name=f"{options.db_table}_{self.name}_in_tenant",
            column=self.column,
            to_table=to_table,
            on_delete=ON_DELETE_SQL[self.remote_field.on_delete],
        )
        options.constraints = [*options.constraints, constraint]
        options.original_attrs["constraints"] = options.constraints


class TenantOneToOneField(TenantForeignKey, models.OneToOneField):
    """At most one row on this side for each row of the same tenant on the other."""
