from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.pictures.models import Picture
from accounts.tenants.models import Tenant
from accounts.users.models import User
from core.errors import InvalidInput
from core.pictures import read_picture
from core.values import InvalidValue


def set_avatar(*, user_id: int, content: bytes | None) -> None:
    """Show somebody with this picture; None: with none.

    :raises InvalidInput: it is no picture, or too large.
    """
    _replace(User, user_id, "avatar", content)


def set_logo(*, tenant_id: int, content: bytes | None) -> None:
    """Show a tenant with this picture; None: with none.

    :raises InvalidInput: it is no picture, or too large.
    """
    _replace(Tenant, tenant_id, "logo", content)


def _replace(model: Any, pk: int, name: str, content: bytes | None) -> None:
    painted = None if content is None else _painted(content)
    with transaction.atomic():
        row = model.objects.select_for_update().get(pk=pk)
        old = getattr(row, f"{name}_id")
        new = None if painted is None else Picture.objects.create(content=painted)
        setattr(row, name, new)
        row.save(update_fields=[name])
        Picture.objects.filter(pk=old).delete()


def _painted(content: bytes) -> bytes:
    try:
        return read_picture(content)
    except InvalidValue as error:
        raise InvalidInput.of("file", f"It {error}.") from error
