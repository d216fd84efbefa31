from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.saved_views.models import SavedView
from accounts.users.models import User
from core.back_office_asking import open_list, query_of, shape_of
from core.errors import DomainError, InvalidInput, NotAllowed, NotFound
from core.rights import SHARE_VIEWS

MOST = 100  # views of one list that somebody keeps


class NameTaken(DomainError):
    """Another view of this list has the name."""

    code = "name_taken"


@transaction.atomic
def save_view(*, list_name: str, query: str, values: Mapping[str, Any], by: User) -> SavedView:
    """Keep what somebody asks of a list, by a name.

    :param query: the query string of the list's page.
    :param values: `name`, and `is_shared`, `is_pinned`, `position` where they are not the usual.
    :raises NotFound: there is no such list.
    :raises NotAllowed: they may not look at it, belong to no tenant, or may not share.
    :raises InvalidInput: the list does not know what is asked; or the name is missing or too long.
    :raises NameTaken: a view of this list has the name.
    """
    if by.tenant_id is None:
        raise NotAllowed(_("Views are kept by people of the tenant."))
    if SavedView.objects.filter(list_name=list_name, owner_id=by.pk).count() >= MOST:
        raise InvalidInput(_("Nobody keeps more than %d views of a list.") % MOST)
    view = SavedView(list_name=list_name, owner_id=by.pk)
    _ask(view, query, by)
    return _write(view, values, by)


@transaction.atomic
def edit_view(*, view_id: int, values: Mapping[str, Any], by: User) -> SavedView:
    """Change a view's name, place, or who sees it. What is not named stays.

    :raises NotFound: there is no such view, or it is somebody's own.
    :raises NotAllowed: it is shared, or is to be, and they may not share.
    :raises InvalidInput: the name is missing or too long.
    :raises NameTaken: a view of this list has the name.
    """
    return _write(lock_view(view_id, by), values, by)


@transaction.atomic
def ask_anew(*, view_id: int, query: str, by: User) -> SavedView:
    """Have a view ask what its list's page asks now.

    :raises NotFound: there is no such view, or it is somebody's own.
    :raises NotAllowed: it is shared, and they may not share.
    :raises InvalidInput: the list does not know what is asked.
    """
    view = lock_view(view_id, by)
    _ask(view, query, by)
    view.save()
    return view


@transaction.atomic
def delete_view(*, view_id: int, by: User) -> None:
    """Forget a view.

    :raises NotFound: there is no such view, or it is somebody's own.
    :raises NotAllowed: it is shared, and they may not share.
    """
    lock_view(view_id, by).delete()


def lock_view(view_id: int, by: User) -> SavedView:
    """Return a view that somebody may change, locked until the transaction ends.

    :raises NotFound: there is no such view, or it is somebody's own.
    :raises NotAllowed: it is shared, and they may not share.
    """
    seen = SavedView.objects.visible_to(by).select_for_update()
    view: SavedView | None = seen.filter(pk=view_id).first()
    if view is None:
        raise NotFound(_("There is no such view."))
    if not view.may_be_changed_by(by, may_share=by.has_perm(SHARE_VIEWS)):
        raise NotAllowed(_("Shared views are changed by managers."))
    return view


def asked_by(view: SavedView, *, user: User) -> str:
    """What a view asks of its list now, as a query string; the list has been tried.

    :raises NotFound: the list is gone.
    :raises NotAllowed: the user may not look at it.
    :raises InvalidInput: something that it asks for does not exist any more.
    """
    parts = {"filters": view.filters, "columns": view.columns, "sort": view.sort}
    query = query_of(view.list_name, user=user, **parts)
    open_list(view.list_name, user=user, query=query)
    return query


def _ask(view: SavedView, query: str, by: User) -> None:
    found = open_list(view.list_name, user=by, query=query)
    view.filters, view.columns, view.sort = shape_of(found)


def _write(view: SavedView, values: Mapping[str, Any], by: User) -> SavedView:
    for name, value in values.items():
        setattr(view, name, value.strip() if name == "name" else value)
    if view.is_shared and not by.has_perm(SHARE_VIEWS):
        raise NotAllowed(_("Sharing views takes a right of managers."))
    _check_name(view.name)
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        if type(error.__cause__).__name__ != "UniqueViolation":
            raise
        text = _("There is a view of this name already.")
        raise NameTaken(text, fields={"name": [text]}) from error
    return view


def _check_name(name: str) -> None:
    try:
        SavedView._meta.get_field("name").clean(name, None)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), fields={"name": error.messages}) from error
