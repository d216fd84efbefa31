"""Whose turn it is: the people of a form one after the other, without those who have left.

Turns count what is shared out: what comes from somebody whom a colleague looks after already takes
none.
"""

from __future__ import annotations

import secrets

from django.db.models import Max

from accounts.users import roles
from accounts.users.models import User
from sales.forms.models import FormUser, WebForm


def next_in_turn(form: WebForm) -> User | None:
    """Return whose last turn is the longest ago; whoever is new to the form comes first."""
    people = _people(form)
    return people[0] if people else None


def anybody_of(form: WebForm) -> User | None:
    """Return one of those whose turn it may be, by chance."""
    people = _people(form)
    return secrets.choice(people) if people else None


def pass_on(form: WebForm, user: User) -> None:
    """Write down that somebody had their turn. The form is locked: each turn is given once.

    That is no change of the form: whoever edits it meanwhile does so in peace.
    """
    members = FormUser.objects.filter(form=form)
    newest = members.aggregate(newest=Max("last_turn"))["newest"] or 0
    members.filter(user=user).update(last_turn=newest + 1)


def _people(form: WebForm) -> list[User]:
    """Return who is active, by their turns; without anybody, who made the form, or an admin."""
    members = FormUser.objects.filter(form=form, user__is_active=True).select_related("user")
    people = [member.user for member in members.order_by("last_turn", "user_id")]
    if people:
        return people
    active = User.objects.active().filter(tenant_id=form.tenant_id)
    maker = active.filter(pk=form.created_by_id)[:1]
    return list(maker or active.filter(role=roles.ADMIN).order_by("pk")[:1])
