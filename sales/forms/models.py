from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.users.fields import colleague
from core.fields import TenantForeignKey, tenant_key
from core.models import SoftDeletedModel, TenantModel
from sales.forms.querysets import SubmissionManager

LONGEST_NAME, LONGEST_TEXT, LONGEST_ORIGIN, LONGEST_URL = 120, 2000, 255, 500
LONGEST_FIELD_NAME, LONGEST_LABEL, LONGEST_OPTION, LONGEST_BROWSER = 60, 200, 200, 500
MOST_SECONDS = 600  # somebody who has filled in a form must not be asked to wait for longer
FIELD_NAME = RegexValidator(
    rf"^[a-z][a-z0-9_]{{0,{LONGEST_FIELD_NAME - 1}}}\Z",
    _("Small letters, digits and _ only, a letter first."),
)


def new_api_key() -> str:
    """Return a key that nobody guesses. It stands in pages that everybody can read."""
    return secrets.token_urlsafe(24)


class WebForm(SoftDeletedModel):  # type: ignore[django-manager-missing]
    """A form on the tenant's web pages, by which visitors become contacts."""

    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    api_key = models.CharField(_("public key"), max_length=64, default=new_api_key, editable=False)
    # `https://www.example.com`: pages elsewhere may not send it or show it.
    allowed_origins = ArrayField(
        models.CharField(max_length=LONGEST_ORIGIN),
        verbose_name=_("allowed origins"),
        default=list,
        blank=True,
    )
    # A field that people do not see: what fills it in is a program.
    honeypot_field = models.CharField(
        _("trap field"),
        max_length=LONGEST_FIELD_NAME,
        default="website",
        validators=[FIELD_NAME],
        help_text=_("Hidden from people: whoever fills it in is a program."),
    )
    min_seconds = models.PositiveSmallIntegerField(
        _("shortest time to fill it in"),
        default=3,
        validators=[MaxValueValidator(MOST_SECONDS)],
        help_text=_("In seconds: whoever is quicker is a program."),
    )
    intro = models.TextField(_("introduction"), max_length=LONGEST_TEXT, blank=True)
    thank_you = models.TextField(_("thanks"), max_length=LONGEST_TEXT, blank=True)
    redirect_url = models.CharField(
        _("page to go to afterwards"), max_length=LONGEST_URL, blank=True
    )
    opens_prospect = models.BooleanField(_("new contacts get a card on the board"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_by = colleague(_("created by"))

    class Meta(SoftDeletedModel.Meta):
        verbose_name = _("web form")
        verbose_name_plural = _("web forms")
        constraints: ClassVar[Any] = [
            tenant_key("sales_webform"),
            models.UniqueConstraint(fields=["api_key", "tenant"], name="sales_webform_key_unique"),
            models.CheckConstraint(
                condition=Q(redirect_url="") | Q(redirect_url__regex=r"^https?://"),
                name="sales_webform_leads_to_the_web",
            ),
            models.CheckConstraint(
                condition=Q(min_seconds__lte=MOST_SECONDS), name="sales_webform_seconds_in_range"
            ),
        ]
        indexes: ClassVar[Any] = [
            models.Index(
                F("tenant"),
                F("id").desc(),
                condition=Q(deleted_at__isnull=True),
                name="sales_webform_newest",
            )
        ]

    def __str__(self) -> str:
        return self.name


class FormUser(TenantModel):
    """Somebody who gets what a form brings, when it is their turn."""

    form = TenantForeignKey(
        WebForm, on_delete=models.CASCADE, related_name="members", db_index=False
    )
    user = TenantForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    # Which turn of the form was theirs last, counted from 1; kept by sales.submitting.turns.
    last_turn = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["form", "user"], name="sales_formuser_once")
        ]

    def __str__(self) -> str:
        return str(self.user)


class FormField(TenantModel):
    """A question of a form."""

    class Type(models.TextChoices):
        TEXT = "text", _("Line of text")
        TEXTAREA = "textarea", _("Longer text")
        EMAIL = "email", _("Email")
        PHONE = "phone", _("Phone")
        SELECT = "select", _("Choice")
        CHECKBOX = "checkbox", _("Tick box")

    form = TenantForeignKey(
        WebForm, on_delete=models.CASCADE, related_name="fields", db_index=False
    )
    name = models.CharField(
        _("name"),
        max_length=LONGEST_FIELD_NAME,
        validators=[FIELD_NAME],
        help_text=_(
            "first_name, last_name, name, company, position, city, country and message become the "
            "contact's; what is called otherwise stands in fields of its own."
        ),
    )
    label = models.CharField(_("label"), max_length=LONGEST_LABEL)
    type = models.CharField(_("type"), max_length=8, choices=Type.choices, default=Type.TEXT)
    is_required = models.BooleanField(_("required"), default=False)
    options = ArrayField(
        models.CharField(max_length=LONGEST_OPTION),
        verbose_name=_("choices"),
        default=list,
        blank=True,
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(
                fields=["form", "name"],
                name="sales_formfield_name_unique",
                violation_error_message=_("Another field has this name."),
            ),
            models.CheckConstraint(
                condition=~Q(type="select") | ~Q(options=[]),
                name="sales_formfield_choice_has_choices",
                violation_error_message=_("A choice needs something to choose from."),
            ),
        ]
        ordering: ClassVar[Any] = ("position", "pk")

    def __str__(self) -> str:
        return self.label


class FormSubmission(TenantModel):
    """What a visitor sent by a form, as they sent it; nothing of it is ever lost or changed.

    What a program sent is kept too, for whoever wonders, but nothing else came of it.
    """

    class State(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("of a submission", "Accepted")
        REJECTED = "rejected", _("Not accepted")

    class Reason(models.TextChoices):
        HONEYPOT = "honeypot", _("The trap was filled in")
        TOO_FAST = "too_fast", _("Filled in too fast")
        ORIGIN = "origin", _("From a page that is not allowed")

    form = TenantForeignKey(
        WebForm,
        on_delete=models.CASCADE,
        related_name="submissions",
        db_index=False,
        verbose_name=_("web form"),
    )
    data = models.JSONField(_("what was sent"))
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.ACCEPTED
    )
    reason = models.CharField(_("reason"), max_length=8, choices=Reason.choices, blank=True)
    contact = TenantForeignKey(
        "prospects.Contact",
        on_delete=models.SET_NULL,
        null=True,
        related_name="form_submissions",
        db_index=False,
        verbose_name=_("contact"),
    )
    # Nothing of somebody who was known is changed: what they sent stands here alone.
    was_known = models.BooleanField(_("contact was known"), default=False)
    assigned_to = colleague(_("assigned to"))
    ip_address = models.GenericIPAddressField(_("address"), null=True)
    user_agent = models.CharField(_("browser"), max_length=LONGEST_BROWSER, blank=True)
    origin = models.CharField(_("page"), max_length=LONGEST_ORIGIN, blank=True)

    objects: ClassVar[Any] = SubmissionManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("form submission")
        verbose_name_plural = _("form submissions")
        constraints: ClassVar[Any] = [
            models.CheckConstraint(
                condition=Q(state="accepted", reason="")
                | Q(state="rejected", reason__gt="", contact__isnull=True),
                name="sales_formsubmission_rejected_made_nothing",
            )
        ]
        indexes: ClassVar[Any] = [
            models.Index(F("tenant"), F("id").desc(), name="sales_formsubmission_newest"),
            models.Index(F("form"), F("id").desc(), name="sales_formsubmission_of_form"),
            models.Index(fields=["tenant", "created_at"], name="sales_formsubmission_by_week"),
            models.Index(
                fields=["contact"],
                condition=Q(contact__isnull=False),
                name="sales_formsubmission_contact",
            ),
            models.Index(
                fields=["assigned_to"],
                condition=Q(assigned_to__isnull=False),
                name="sales_formsubmission_assigned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} · {self.pk}"
