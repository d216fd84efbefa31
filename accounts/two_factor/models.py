from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class TwoFactor(models.Model):
    """What proves, beside the password, that it is a user: the secret of their authenticator app.

    Codes are computed from the secret, so it cannot be kept as a hash. No page, API, log line or
    history shows it once it is set up; who reads the database or its dumps reads it. Whether a
    user has one at all stands in `User.two_factor_since`, which sign-ins read anyway.
    """

    user = models.OneToOneField(
        "accounts.User", on_delete=models.CASCADE, primary_key=True, related_name="two_factor"
    )
    secret = models.CharField(max_length=64)
    # The 30 seconds, counted since 1970, of the newest code that was used: none works twice.
    last_step = models.BigIntegerField()
    backup_hashes = ArrayField(models.CharField(max_length=64))
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"two-factor of user {self.user_id}"
