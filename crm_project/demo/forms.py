"""The demo tenants' web forms, and what they brought: visitors old and new, and some programs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.notifications.models import Notification
from accounts.users.models import User
from crm_project.demo.names import FIRST_NAMES, LAST_NAMES
from prospects.contacts.models import Contact
from sales.forms.models import FormField, FormSubmission, WebForm
from sales.forms.services import create_form
from sales.submitting.services import Visitor, keep_rejected, submit_form
from sales.submitting.telling import NOTICE

WEEKS = 20
SITE = "https://www.enviosdemo.example"
BROWSER = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36"
Type = FormField.Type
DEMO_FIELDS: tuple[dict[str, Any], ...] = (
    {"name": "name", "label": "Nombre completo", "type": Type.TEXT, "is_required": True},
    {"name": "company", "label": "Empresa", "type": Type.TEXT},
    {"name": "email", "label": "Correo", "type": Type.EMAIL, "is_required": True},
    {"name": "phone", "label": "Teléfono", "type": Type.PHONE},
    {
        "name": "envios",
        "label": "Envíos al mes",
        "type": Type.SELECT,
        "options": ["1 a 50", "50 a 500", "más de 500"],
    },
    {"name": "avisos", "label": "Quiero recibir novedades", "type": Type.CHECKBOX},
)
MESSAGES = (
    "Me interesa conocer sus tarifas para envíos nacionales.",
    "¿Trabajan con tiendas en Shopify?",
    "Necesitamos fulfillment desde enero.",
    "Quisiera que me llamaran por la tarde.",
    "¿Tienen cobertura en Mérida?",
)
SPAM = "Cheap SEO, first page guaranteed http://spam.example"


def add_forms(*, seed: int, at: datetime, owners: Sequence[User], by: User, count: int) -> None:
    """Create two forms, and so many submissions of the last months."""
    dice = random.Random(seed)
    usual = {"allowed_origins": [SITE]}
    turns = [user.pk for user in owners]
    site = create_form(
        values={
            **usual,
            "name": "Contacto del sitio",
            "intro": "Escríbenos y te contactamos hoy.",
            "opens_prospect": False,
        },
        user_ids=turns,
        by=by,
    )
    demo = create_form(
        values={**usual, "name": "Solicita una demo", "thank_you": "¡Listo! Te llamamos pronto."},
        user_ids=turns,
        fields=DEMO_FIELDS,
        by=by,
    )
    moments = sorted(at - timedelta(minutes=dice.randrange(WEEKS * 10080)) for _ in range(count))
    for number, moment in enumerate(moments):
        _submit(dice, demo if number % 3 == 2 else site, number, moment)
    _age_notices(at)


def _submit(dice: random.Random, form: WebForm, number: int, at: datetime) -> None:
    visitor = Visitor(f"203.0.113.{number % 250 + 1}", BROWSER, SITE)
    if number % 8 == 5:
        sent = {"name": "SEO", "email": "seo@spam.example", "website": SPAM, "message": SPAM}
        receipt = keep_rejected(form=form, sent=sent, reason="honeypot", visitor=visitor)
        FormSubmission.objects.filter(pk=receipt.submission_id).update(created_at=at)
        return
    first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
    email = f"web{number}@visitante.example"
    known = Contact.objects.exclude(email="").order_by("pk")
    if number % 6 == 4 and known.exists():
        person = known[dice.randrange(min(40, known.count()))]
        first, last, email = person.first_name, person.last_name, person.email
    sent = {"email": email, "message": dice.choice(MESSAGES), "first_name": first}
    sent |= {"last_name": last, "name": f"{first} {last}", "envios": "50 a 500"}
    submit_form(form=form, sent=sent, visitor=visitor, at=at)


def _age_notices(at: datetime) -> None:
    """All but the newest were read long ago."""
    told = Notification.objects.filter(type=NOTICE).order_by("-pk")
    newest = list(told.values_list("pk", flat=True)[:3])
    told.exclude(pk__in=newest).update(created_at=at - timedelta(days=7), read_at=at)
