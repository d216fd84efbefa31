"""Who is told that a form was sent."""

from __future__ import annotations

from typing import Any

from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.notifications.services import Notice, notify_users
from accounts.webhooks.outbox import emit
from sales.forms.models import FormSubmission

SUBMITTED = "form.submitted"
EVENTS = {SUBMITTED: _("Form submitted")}
NOTICE = "form_submission"
LONGEST_SHOWN = 200


def tell_submitted(submission: FormSubmission, *, said: str) -> None:
    """Tell whoever got it, and the tenant's own systems, in the transaction that writes it.

    :param said: the message of the visitor, or what else says who they are.
    """
    form = submission.form
    if submission.assigned_to_id is not None:
        who = str(submission.contact or _("Somebody"))
        body: Any = format_lazy("{}: {}", who, Truncator(said).chars(LONGEST_SHOWN))
        about = submission.contact_id
        notice = Notice(
            user_id=submission.assigned_to_id,
            type=NOTICE,
            key=f"{NOTICE}:{submission.pk}",
            title=format_lazy(_("“{form}” was filled in"), form=form.name),
            body=body if said else who,
            url=f"/contacts/{about}" if about else f"/forms/{form.pk}",
        )
        notify_users([notice])
    emit({SUBMITTED: lambda: [submission_data(submission)]})


def submission_data(submission: FormSubmission) -> dict[str, Any]:
    """Return what is told about a submission, with the names of the sales API."""
    contact = submission.contact
    return {
        "id": submission.pk,
        "form_id": submission.form_id,
        "form_name": submission.form.name,
        "data": submission.data,
        "contact_id": submission.contact_id,
        "prospect_id": contact.prospect_id if contact else None,
        "was_known": submission.was_known,
        "assigned_to": submission.assigned_to_id,
        "created_at": submission.created_at,
    }
