"""A tool is called: by whom it may be, with good arguments, leaving its name in the history."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import ValidationError
from rest_framework.exceptions import APIException

from core.audit import acting
from core.errors import DomainError
from core.tenancy import no_tenant, tenant_scope
from crm_project.mcp import catalogue  # noqa: F401 (declares the tools)
from crm_project.mcp.asking import Refused
from crm_project.mcp.counting import count_message
from crm_project.mcp.dry_runs import rehearse
from crm_project.mcp.tools import TOOLS, Arguments, Result, Tool
from crm_project.mcp.visits import Visit

log = logging.getLogger(__name__)
LONGEST_ARGUMENTS = 256 * 1024  # bytes; an invoice of 500 lines has less than half
NOT_SIGNED_IN = (
    "You are not signed in, or not any more: call leader_authenticate, or start with a valid token."
)
NOT_ALLOWED = "You do not have permission to perform this action."
BARRED = "This tenant does not let agents send, approve, record payments or delete: a person does it in the back office. With dry_run you are told what it would do."  # noqa: E501


def call_tool(visit: Visit, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Do what is asked for. Whatever is in the way becomes a tool error with its reason."""
    try:
        result = _call(visit, name, arguments)
    except Refused as refusal:
        return _refusal(refusal.message, refusal.fields)
    except DomainError as error:
        return _refusal(error.message, error.fields or {})
    except APIException as error:
        return _refusal(str(error.detail), {})
    except Exception:
        log.exception("tool %s failed", name, extra={"request_id": visit.request_id})
        words = f"Something went wrong on our side. Quote {visit.request_id} to support."
        return _refusal(words, {})
    return _told(result.text, structuredContent=result.structured)


def _refusal(message: str, fields: Mapping[str, list[str]]) -> dict[str, Any]:
    lines = [message, *(f"{name}: {' '.join(said)}" for name, said in fields.items())]
    return _told("\n".join(dict.fromkeys(lines)), isError=True)


def _told(text: str, **more: Any) -> dict[str, Any]:
    """A CallToolResult as it travels; the SDK would check one of its objects twice."""
    content = [{"type": "text", "text": text}]
    return {"resultType": "complete", "content": content, **more}


def _call(visit: Visit, name: str, arguments: Mapping[str, Any]) -> Result:
    if not visit.is_counted:
        count_message(str(visit.user.pk) if visit.user else "nobody")
    tool = TOOLS.get(name)
    if tool is None:
        raise Refused(f"There is no tool {name[:100]!r}.")
    _refuse_unfit(visit, tool)
    sent = _read(tool, arguments)
    is_rehearsed = getattr(sent, "dry_run", False)
    if tool.is_barred_for(visit.user) and not is_rehearsed:
        raise Refused(BARRED)
    scope = no_tenant() if visit.user is None else tenant_scope(visit.user.tenant_id)
    facts = {"agent": visit.agent, "request_id": visit.request_id}
    with scope, acting(door="mcp", **facts):
        if is_rehearsed:
            return rehearse(lambda: tool.does(visit, sent))
        return tool.does(visit, sent)


def _refuse_unfit(visit: Visit, tool: Tool) -> None:
    """Hold callers to the tools that they have.

    :raises Refused: they are not signed in, or have no right to it.
    """
    if tool.is_for(visit.user):
        return
    raise Refused(NOT_SIGNED_IN if visit.user is None else NOT_ALLOWED)


def _read(tool: Tool, arguments: Mapping[str, Any]) -> Arguments:
    """Return the arguments, typed.

    :raises Refused: they are too long, no text, or of wrong types; each that is wrong is named.
    """
    try:
        length = len(orjson.dumps(arguments))
    except TypeError:
        raise Refused("The arguments hold text that is not valid UTF-8.") from None
    if length > LONGEST_ARGUMENTS:
        most = LONGEST_ARGUMENTS // 1024
        raise Refused(f"The arguments have {length // 1024} KiB; at most {most} are taken.")
    try:
        return tool.takes.model_validate(arguments)
    except ValidationError as error:
        raise Refused("Some arguments are invalid.", _fields(error)) from None


def _fields(error: ValidationError) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for each in error.errors(include_url=False, include_input=False, include_context=False):
        name = ".".join(str(part)[:100] for part in each["loc"]) or "arguments"
        fields.setdefault(name, []).append(f"{each['msg']}.")
    return fields
