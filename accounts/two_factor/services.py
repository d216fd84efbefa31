from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Func, Value

from accounts.two_factor import codes
from accounts.two_factor.models import TwoFactor
from accounts.users.editing import lock_manageable
from accounts.users.models import User
from core.errors import DomainError, InvalidInput
from core.tenancy import across_tenants


class OtpRequired(DomainError):
    """The password is right; this account needs a code as well."""

    code = "otp_required"
    status = 401
    tells_code = True


class OtpInvalid(OtpRequired):
    """The code is wrong, too old, or was used."""

    code = "otp_invalid"


class OtpSetupRequired(OtpRequired):
    """The tenant wants codes of everybody, and this account has no app that shows them."""

    code = "otp_setup_required"
    status = 403


class AlreadySetUp(DomainError):
    """Somebody has set it up meanwhile."""

    code = "already_set_up"


def must_set_up(user: User) -> bool:
    """Whether somebody may not sign in before they have an app that shows codes."""
    wants = user.tenant is not None and user.tenant.requires_two_factor
    return wants and user.two_factor_since is None


def check_second_factor(*, user: User, code: str, at: datetime) -> None:
    """Let in whoever has proved by password who they are, if that is enough or the code is right.

    :raises OtpSetupRequired: they must set it up first.
    :raises OtpRequired: there is no code.
    :raises OtpInvalid: the code is wrong, too old, or was used.
    """
    if must_set_up(user):
        raise OtpSetupRequired("Set up two-factor sign-in first, in the back office.")
    if user.two_factor_since is None:
        return
    if not code.strip():
        raise OtpRequired("A code of the authenticator app is needed as well.")
    if not use_code(user_id=user.pk, code=code, at=at):
        raise OtpInvalid("The code is wrong, too old, or was used already.")


def use_code(*, user_id: int, code: str, at: datetime) -> bool:
    """Whether a code is right; from now on it is not. Of two at once, one is."""
    given = codes.normalized(code)
    mine = TwoFactor.objects.filter(user_id=user_id)
    found = mine.first()
    if found is None:
        return False
    step = codes.step_of(found.secret, given, at)
    if step is not None:
        return bool(mine.filter(last_step__lt=step).update(last_step=step))
    used = codes.hash_of(given)
    rest = Func(F("backup_hashes"), Value(used), function="array_remove")
    return bool(mine.filter(backup_hashes__contains=[used]).update(backup_hashes=rest))


def set_up(*, user_id: int, secret: str, code: str, at: datetime) -> list[str]:
    """Ask for codes of an app from now on. Returns the backup codes, which nobody sees again.

    :raises InvalidInput: the app does not show that code.
    :raises AlreadySetUp: there is an app already.
    """
    step = codes.step_of(secret, codes.normalized(code), at)
    if step is None:
        raise InvalidInput("This is not the code.", fields={"code": ["This is not the code."]})
    backup = codes.new_backup_codes()
    with across_tenants(), transaction.atomic():
        user: User = User.objects.select_for_update().get(pk=user_id)
        if user.two_factor_since is not None:
            raise AlreadySetUp("Two-factor sign-in is set up already.")
        hashes = [codes.hash_of(each) for each in backup]
        TwoFactor.objects.create(user=user, secret=secret, last_step=step, backup_hashes=hashes)
        user.two_factor_since = at
        user.save(update_fields=["two_factor_since"])
    return backup


def remove(*, user_id: int) -> None:
    """Ask somebody for no codes any more."""
    with across_tenants(), transaction.atomic():
        _forget(User.objects.select_for_update().get(pk=user_id))


@transaction.atomic
def take_away(*, user_id: int, by: Any) -> None:
    """Ask a colleague who has lost their phone for no codes any more.

    :raises NotFound: there is no such user.
    :raises NotAllowed: they hold more than `by`.
    """
    _forget(lock_manageable(user_id, by))


def _forget(user: User) -> None:
    TwoFactor.objects.filter(user=user).delete()
    user.two_factor_since = None
    user.save(update_fields=["two_factor_since"])


def renew_backup_codes(user_id: int) -> list[str]:
    """Return new backup codes; the old ones stop working."""
    backup = codes.new_backup_codes()
    hashes = [codes.hash_of(each) for each in backup]
    TwoFactor.objects.filter(user_id=user_id).update(backup_hashes=hashes)
    return backup
