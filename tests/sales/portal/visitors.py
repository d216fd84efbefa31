"""Whoever has a link: a browser without an account, that brings back the forms it was shown."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client


class Visitor:
    """A browser on the page of a link."""

    def __init__(self, path: str, **environ: Any) -> None:
        self.path = path
        self.client = Client(enforce_csrf_checks=True, **environ)
        self.page: Any = None

    def opens(self) -> Any:
        """Load the page."""
        self.page = self.client.get(self.path)
        return self.page

    @property
    def text(self) -> str:
        """What the page says."""
        return str(self.page.content.decode())

    def hidden(self, name: str) -> str:
        """A hidden field of the page."""
        return re.findall(rf'name="{name}" value="([^"]*)"', self.text)[0]

    def does(self, what: str, **fields: Any) -> Any:
        """Send one of the page's forms."""
        names = ("form_token", "read_sha256")
        shown = {name: self.hidden(name) for name in names}
        return self.client.post(f"{self.path}/{what}", {**shown, **fields})

    def signs(self, **fields: Any) -> Any:
        """Sign the contract."""
        return self.does("sign", **{"client_name": "Maria Lopez", "is_agreed": "on", **fields})


def visit(path: str, **environ: Any) -> Visitor:
    """A browser that has opened a link."""
    visitor = Visitor(path, **environ)
    assert visitor.opens().status_code == 200
    return visitor
