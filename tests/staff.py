"""People at the back office: a browser session and the forms as the pages hand them out."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.forms import BaseForm, MultiWidget
from django.test import Client

from accounts.users.models import User
from core.tenancy import across_tenants
from tests.people import PASSWORD

Values = dict[str, Any]


def signed_in(user: AbstractBaseUser) -> Client:
    """A browser in which this user has signed in."""
    browser = Client()
    browser.force_login(user)
    return browser


def make_operator() -> User:
    """A superuser without a tenant."""
    with across_tenants():
        return User.objects.create_superuser("ops@crm.test", PASSWORD, name="Olga Operator")


def form_of(page: Any) -> BaseForm:
    """The main form of a page."""
    if "adminform" in page.context:
        return page.context["adminform"].form
    return page.context["form"]


def filled_in(page: Any, **changes: Any) -> Values:
    """What the browser would send for a page's form and inlines, with some fields changed."""
    sent: Values = inlines_of(page)
    for bound in form_of(page):
        widget, value = getattr(bound.field.widget, "widget", bound.field.widget), bound.value()
        if isinstance(widget, MultiWidget):
            typed = value if isinstance(value, list) else widget.decompress(value)
            parts = zip(widget.widgets, typed, strict=True)
            for number, (part, content) in enumerate(parts):
                sent[f"{bound.html_name}_{number}"] = part.format_value(content) or ""
        elif value is not None and value is not False:  # 0 is sent
            sent[bound.html_name] = "on" if value is True else value
        sent |= shown_of(bound)
    return {**sent, **changes}


def shown_of(bound: Any) -> Values:
    """What a page keeps beside a field of what it showed."""
    if not bound.field.show_hidden_initial:
        return {}
    written = re.search(r'value="([^"]*)"', bound.as_hidden(only_initial=True))
    return {bound.html_initial_name: unescape(written[1]) if written else ""}


def inlines_of(page: Any) -> Values:
    """What the browser would send for the rows that hang on a page's row."""
    sent: Values = {}
    for inline in page.context.get("inline_admin_formsets") or ():
        for form in (inline.formset.management_form, *inline.formset.forms):
            values = {form.add_prefix(name): form[name].value() for name in form.fields}
            sent |= {name: "" if value is None else value for name, value in values.items()}
            for name in form.fields:
                sent |= shown_of(form[name])
    return {name: value for name, value in sent.items() if value is not False}


def errors_of(page: Any) -> dict[str, list[str]]:
    """What the page's form complains about."""
    return dict(form_of(page).errors)


def messages_of(page: Any) -> str:
    """What the page says on top."""
    return " ".join(str(message) for message in page.context["messages"])
