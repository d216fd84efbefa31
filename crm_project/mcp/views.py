"""`/mcp`: streamable HTTP without sessions; each POST is answered by one JSON body."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from rest_framework.exceptions import APIException, NotAuthenticated

from accounts.sessions.authentication import SessionAuthentication
from core.api.errors import Surface, exception_handler
from core.audit import name_actor
from core.errors import DomainError, NotAllowed
from core.tenancy import tenant_scope
from crm_project.mcp.counting import count_message
from crm_project.mcp.server import make_server
from crm_project.mcp.standing_loop import aside, run_standing
from crm_project.mcp.visits import Visit, agent_name, clean_name

LONGEST_BODY = 4 * 1024 * 1024  # bytes
SESSION_HEADER = "Mcp-Session-Id"
SALT = "crm_project.mcp.agent"
# Of a request, what a question to the API is to know, too.
KEPT = (
    *("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_USER_AGENT", "HTTP_HOST"),
    *("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "wsgi.url_scheme"),
)


class _HttpDoorway:
    """Messages that came with a request, whose sender the API's sign-in has found."""

    def visit(self, ctx: Any) -> Visit:
        visit: Visit = ctx.request.scope["visit"]
        client = ctx.session.client_params.client_info if ctx.session.client_params else None
        if client is not None:
            visit.agent = agent_name(client) or visit.agent
        return visit

    async def aside(self, work: Any) -> Any:
        return await aside(work)

    async def after(self, ctx: Any, tool: str) -> None:
        """Each request brings its own token: nothing has changed."""


async def _remember_agent(ctx: Any, call_next: Any) -> Any:
    """An agent of the older protocol says its name once: it is given back with each request."""
    if ctx.method == "initialize" and ctx.request is not None:
        ctx.request.scope["introduced"] = agent_name((ctx.params or {}).get("clientInfo"))
    return await call_next(ctx)


SERVER = make_server(_HttpDoorway())
SERVER.middleware[:] = [_remember_agent]  # without the SDK's own, for OpenTelemetry: nobody listens


SIGN_IN = SessionAuthentication()
SALES = SimpleNamespace(surface=Surface.SALES)  # whose words refusals are told in


@csrf_exempt
@require_POST  # no streams, and no sessions to end
def answer(request: Any) -> HttpResponse:
    """Answer one message. Who it is from, the API's sign-in says; what is spoken, the SDK.

    No view of the API: tools ask those, and what one costs is not to be paid twice.
    """
    try:
        visit = _visit(request)
    except (APIException, DomainError) as error:
        refusal: Any = exception_handler(error, {"request": request, "view": SALES})
        del refusal.headers["Content-Type"]
        return JsonResponse(refusal.data, status=refusal.status_code, headers=refusal.headers)
    scope = _scope(request, visit)
    with tenant_scope(visit.user.tenant_id if visit.user else None):
        sent = run_standing(lambda: _serve(scope, request))
    return _response(sent, scope.get("introduced"))


def _visit(request: Any) -> Visit:
    """Let somebody's agent in.

    :raises APIException, DomainError: it is nobody's, of a foreign page, or sends too much.
    """
    refuse_foreign_pages(request)
    found = SIGN_IN.authenticate(request)
    if found is None:
        raise NotAuthenticated
    user, session_id = found
    count_message(str(user.pk))
    name_actor(user.pk)
    return Visit(
        user=user,
        session_id=session_id,
        base_url=f"{request.scheme}://{request.get_host()}",
        environ={name: request.META[name] for name in KEPT if name in request.META},
        request_id=request.request_id,
        agent=_agent_of(request),
    )


def refuse_foreign_pages(request: Any) -> None:
    """Refuse what a page of another site sends through somebody's browser.

    :raises NotAllowed: it is neither ours nor one that the operator lets in.
    """
    origin = request.headers.get("Origin")
    if not origin or origin in settings.CORS_ALLOWED_ORIGINS:
        return
    if urlsplit(origin).netloc != request.get_host():
        raise NotAllowed("Requests from this origin are not allowed.")


def _scope(request: Any, visit: Visit) -> dict[str, Any]:
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in {"Accept": "application/json", **request.headers}.items()
    ]
    return {
        "type": "http",
        "method": "POST",
        "path": "/mcp",
        "query_string": b"",
        "headers": headers,
        "visit": visit,
    }


def _agent_of(request: Any) -> str:
    """What the agent called itself when it began, else what its device is called."""
    try:
        return str(signing.loads(request.headers.get(SESSION_HEADER, ""), salt=SALT))
    except signing.BadSignature:
        return clean_name(request.headers.get("User-Agent", ""))


async def _serve(scope: dict[str, Any], request: Any) -> list[dict[str, Any]]:
    """Hand a request to the SDK; return what it sends."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    manager = StreamableHTTPSessionManager(
        SERVER, stateless=True, json_response=True, max_request_body_size=LONGEST_BODY
    )
    async with manager.run():
        await manager.handle_request(scope, receive, send)
    return sent


def _response(sent: list[dict[str, Any]], introduced: str | None) -> HttpResponse:
    start, *bodies = sent
    response = HttpResponse(
        b"".join(each.get("body", b"") for each in bodies), status=start["status"]
    )
    del response["Content-Type"]
    for name, value in start["headers"]:
        if name.lower() != b"content-length":
            response[name.decode("latin-1")] = value.decode("latin-1")
    if introduced:
        response[SESSION_HEADER] = signing.dumps(introduced, salt=SALT)
    return response
