"""Whose turn it is: the people of a form one after the other, without those who have left."""

from __future__ import annotations

from accounts.users import roles
from accounts.users.models import User
from sales.forms.models import FormUser, WebForm


def next_in_turn(form: WebForm) -> User | None:
    """Return who is next; without anybody active, who made the form, or else an admin."""
    members = FormUser.objects.filter(form=form).values("user_id")
    people = list(User.objects.active().filter(pk__in=members).order_by("pk"))
    later = [user for user in people if user.pk > (form.last_user_id or 0)]
    if people:
        return (later or people)[0]
    active = User.objects.active().filter(tenant_id=form.tenant_id)
    maker: User | None = active.filter(pk=form.created_by_id).first()
    admin: User | None = maker or active.filter(role=roles.ADMIN).order_by("pk").first()
    return admin


def take_turn_of(form: WebForm) -> User | None:
    """Return whose turn it is, and move on. The form is locked: each turn is given once."""
    user = next_in_turn(form)
    if user is not None and user.pk != form.last_user_id:
        form.last_user = user
        form.save(update_fields=["last_user"])
    return user
