"""What browsers may do with our answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from core.middleware import GetResponse

HEADER = "Content-Security-Policy"
# Data are no page: whatever they say, nothing in them is loaded, run or framed.
DATA = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Scripts and styles come from files of ours; none stands in a page, none is made of a text.
PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# The viewers of browsers are made of styles and objects; nothing in our PDFs is active.
PDF = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
POLICIES = {"text/html": PAGE, "application/pdf": PDF}
# No page of ours asks for any of it, and what might be smuggled into one shall not, either.
PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class ContentPolicyMiddleware:
    """Gives every answer a policy; a view that knows better has set its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        headers = response.headers
        if HEADER not in headers:
            kind = headers.get("Content-Type", "").partition(";")[0]
            headers[HEADER] = POLICIES.get(kind, DATA)
        if "Permissions-Policy" not in headers:
            headers["Permissions-Policy"] = PERMISSIONS
        return response
