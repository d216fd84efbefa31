from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.tenants.models import Tenant
from accounts.users.models import User
from core.errors import InvalidInput, NotFound
from core.models import tenant_of_written_row
from sales.forms.models import FormField, FormUser, WebForm, new_api_key

Values = Mapping[str, Any]
Type = FormField.Type


@transaction.atomic
def create_form(
    *,
    values: Values,
    user_ids: Collection[int] = (),
    fields: Iterable[Values] | None = None,
    by: User,
) -> WebForm:
    """Create a form with a key of its own.

    :param values: columns, checked by whoever read them.
    :param fields: columns of its fields, in their order; None: name, email, phone and a message.
    :raises InvalidInput: the trap is one of the fields.
    """
    author = by if by.tenant_id is not None else None
    form: WebForm = WebForm.objects.create(**values, created_by=author)
    set_users(form=form, user_ids=user_ids)
    set_fields(form=form, fields=usual_fields() if fields is None else fields)
    return form


@transaction.atomic
def edit_form(
    *,
    form_id: int,
    values: Values,
    user_ids: Collection[int] | None = None,
    fields: Iterable[Values] | None = None,
) -> WebForm:
    """Change a form. What is not named stays.

    :raises NotFound: there is no such form.
    :raises InvalidInput: as for create_form.
    """
    form = lock_form(form_id)
    for name, value in values.items():
        setattr(form, name, value)
    form.save(update_fields=list(values))
    if user_ids is not None:
        set_users(form=form, user_ids=user_ids)
    if fields is None:
        fields = list(form.fields.values("name"))
        _refuse_trap(form, [field["name"] for field in fields])
    else:
        set_fields(form=form, fields=fields)
    return form


@transaction.atomic
def renew_key(*, form_id: int) -> WebForm:
    """Give a form a new key; pages that send with the old one are answered 404 from now on.

    :raises NotFound: there is no such form.
    """
    form = lock_form(form_id)
    form.api_key = new_api_key()
    form.save(update_fields=["api_key"])
    return form


@transaction.atomic
def delete_form(*, form_id: int, at: datetime) -> None:
    """Take a form out of every list; it takes nothing any more, and what it brought stays.

    :raises NotFound: there is no such form.
    """
    form = lock_form(form_id)
    form.deleted_at = at
    form.save(update_fields=["deleted_at"])


def lock_form(form_id: int) -> WebForm:
    """Return a form that this transaction has locked; submissions to it may still be written.

    :raises NotFound: there is no such form.
    """
    form: WebForm | None = WebForm.objects.select_for_update(no_key=True).filter(pk=form_id).first()
    if form is None:
        raise NotFound("There is no such form.")
    return form


def set_users(*, form: WebForm, user_ids: Collection[int]) -> None:
    """Say who gets what the form brings, in turns."""
    wanted = set(user_ids)
    members = FormUser.objects.filter(form=form)
    known = set(members.values_list("user_id", flat=True))
    members.filter(user_id__in=known - wanted).delete()
    FormUser.objects.bulk_create(
        FormUser(form=form, user_id=user_id) for user_id in sorted(wanted - known)
    )


def set_fields(*, form: WebForm, fields: Iterable[Values]) -> None:
    """Say what the form asks for, in this order.

    :raises InvalidInput: the trap is one of them.
    """
    rows = [FormField(form=form, position=number, **field) for number, field in enumerate(fields)]
    _refuse_trap(form, [row.name for row in rows])
    FormField.objects.filter(form=form).delete()
    FormField.objects.bulk_create(rows)


def _refuse_trap(form: WebForm, names: Collection[str]) -> None:
    if form.honeypot_field in names:
        raise InvalidInput.of("honeypot_field", _("A field that people see cannot be the trap."))


def usual_fields() -> list[dict[str, Any]]:
    """What most forms ask for, in the language of the tenant."""
    language = Tenant.objects.values_list("language", flat=True).get(pk=tenant_of_written_row(None))
    with override(language):
        asked = [
            ("first_name", _("First name"), Type.TEXT, True),
            ("last_name", _("Last name"), Type.TEXT, False),
            ("email", _("Email"), Type.EMAIL, True),
            ("phone", _("Phone"), Type.PHONE, False),
            ("message", _("Message"), Type.TEXTAREA, False),
        ]
    return [
        {"name": name, "label": label, "type": kind, "is_required": is_required}
        for name, label, kind, is_required in asked
    ]
