"""What is pasted into a web page to show a form there."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string

from sales.forms.models import WebForm


def page_address(form: WebForm) -> str:
    """Return where the form's own page is."""
    return f"{settings.CRM_PUBLIC_URL}/f/{form.api_key}"


def script_snippet(form: WebForm) -> str:
    """Return HTML that shows the form by our script."""
    return (
        f'<div data-crm-form="{form.api_key}"></div>\n'
        f'<script src="{settings.CRM_PUBLIC_URL}/f/embed.js" async></script>'
    )


def frame_snippet(form: WebForm) -> str:
    """Return HTML that shows the form's page in a frame."""
    style = "width:100%;height:720px;border:0"
    return f'<iframe src="{page_address(form)}" style="{style}"></iframe>'


def plain_snippet(form: WebForm) -> str:
    """Return the form as HTML, to be given the look of the page it is on; it needs no script."""
    given = {"form": form, "fields": form.fields.all(), "action": page_address(form)}
    lines = render_to_string("sales/form/plain.html", given).splitlines()
    return "\n".join(line for line in lines if line.strip())
