"""A migrated, empty database that test databases are copied from: migrating each takes seconds."""

import hashlib
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from core.embedded.errors import EmbeddedError

PREFIX = "migrated_"
TEMPLATE = "CRM_TEST_TEMPLATE"  # tells the tests its name


def migrated_database(postgres: str, environ: Mapping[str, str], root: Path) -> str:
    """The name of a database with the migrations of this checkout, made when they have changed.

    `postgres` is the address of a database to give orders from. Raises EmbeddedError with the words
    of `migrate` when that fails.
    """
    name = PREFIX + fingerprint(root)
    with psycopg.connect(postgres, autocommit=True) as orders:
        known = orders.execute("select datname from pg_database where datname like 'migrated%'")
        names = {row[0] for row in known}
        if name in names:
            return name
        for other in names:
            orders.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(other)))
        draft = sql.Identifier(PREFIX + "draft")
        orders.execute(sql.SQL("create database {}").format(draft))
        migrate(postgres.rpartition("/")[0] + f"/{PREFIX}draft", environ, root)
        orders.execute(
            sql.SQL("alter database {} rename to {}").format(draft, sql.Identifier(name))
        )
    return name


def fingerprint(root: Path) -> str:
    """A mark that changes with the migrations, ours and those of the libraries."""
    digest = hashlib.sha256((root / "requirements.txt").read_bytes())
    for path in sorted(root.glob("*/migrations/*.py")) + sorted(root.glob("*/*/migrations/*.py")):
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def migrate(url: str, environ: Mapping[str, str], root: Path) -> None:
    words = [sys.executable, "manage.py", "migrate", "--no-input", "-v", "0"]
    done = subprocess.run(
        words,
        cwd=root,
        env={**environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise EmbeddedError(f"the migrations cannot be applied\n{done.stdout}")
