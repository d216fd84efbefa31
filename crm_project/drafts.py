"""A directory that is filled under another name: it bears its own when it is whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import DomainError


class NotPossible(DomainError):
    """It cannot be done there, or not with what is there."""

    code = "not_possible"


@contextmanager
def new_directory(target: Path) -> Iterator[Path]:
    """Give a directory to write into, which becomes `target` unless something is raised.

    What an earlier try has left is removed first. Nobody else may read it.

    :raises NotPossible: the target exists, or cannot be made.
    """
    draft = target.with_name(target.name + ".part")
    try:
        if target.exists():
            raise NotPossible(f"{target} exists already.")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise NotPossible(f"{target}: {error.strerror}.") from None
    yield draft
    draft.rename(target)
