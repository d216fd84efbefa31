"""All that a tenant has, as files: what a customer takes along who leaves.

A CSV for each table, as PostgreSQL's COPY writes and reads them (an unquoted nothing is NULL), the
stored files, and `facts.json`, which says how many rows each table has. What opens doors stays
here: passwords, secrets, tokens.
"""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from accounts.models import Tenant
from crm_project.drafts import new_directory
from crm_project.privacy.finding import files_of
from crm_project.privacy.tables import Table, columns_of, tables_of_tenants

SECRETS = {"password", "secret", "token", "token_hash", "backup_hashes"}
FACTS, FILES = "facts.json", "files"


def export_tenant(*, tenant: Tenant, target: Path, at: datetime) -> dict[str, Any]:
    """Write all that a tenant has into a new directory, of one moment; people may go on working.

    :returns: the facts: `tenant`, `made_at`, `rows` by table, `files`.
    :raises NotPossible: the directory exists or cannot be made.
    """
    with new_directory(target) as draft:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            rows = {table.name: _write(table, tenant.pk, draft) for table in tables_of_tenants()}
            files = sum(_copy(name, field, draft / FILES) for name, field in files_of(tenant.pk))
        facts = {"tenant": tenant.slug, "made_at": at.isoformat(), "rows": rows, "files": files}
        (draft / FACTS).write_text(json.dumps(facts, indent=1))
    return facts


def _write(table: Table, tenant_id: int, folder: Path) -> int:
    """Write the tenant's rows of one table. Returns how many."""
    columns = [name for name in columns_of(table.name) if name not in SECRETS]
    condition = table.condition.replace("%(tenant)s", str(tenant_id))  # COPY takes no parameters
    names = ", ".join(f'"{name}"' for name in columns)
    query = f"SELECT {names} FROM {table.name} WHERE {condition} ORDER BY 1"
    with connection.cursor() as cursor, (folder / f"{table.name}.csv").open("wb") as file:
        with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)") as copy:
            for block in copy:
                file.write(block)
        return int(cursor.rowcount)


def _copy(name: str, field: Any, folder: Path) -> bool:
    """Copy one stored file; False when it is not there any more."""
    if not field.storage.exists(name):
        return False
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with field.storage.open(name) as stored, target.open("wb") as copy:
        shutil.copyfileobj(stored, copy)
    return True
