"""What agents may read as it is: the lists that ids in arguments come from."""

from __future__ import annotations

from typing import NamedTuple

import mcp_types as types
import orjson

from accounts.users.models import User
from core.tenancy import tenant_scope
from crm_project.mcp.asking import Refused, Route, ask
from crm_project.mcp.visits import Visit

JSON = "application/json"


class Readable(NamedTuple):
    """A resource: its words and the route that answers it."""

    name: str
    title: str
    description: str
    route: Route


RESOURCES = {
    "crm://pipelines": Readable(
        "pipelines",
        "Pipelines",
        "Pipelines with their stages: what deals are created in and moved to.",
        Route("GET", "/api/v1/pipelines"),
    ),
    "crm://catalogs": Readable(
        "catalogs",
        "Catalogues",
        "Follow-up categories of the board, and what stands behind the other ids of cards.",
        Route("GET", "/prospects/catalogs"),
    ),
}


def shown_resources(user: User | None) -> list[types.Resource]:
    """The resources that a caller may read."""
    return [
        types.Resource(
            uri=uri,
            name=each.name,
            title=each.title,
            description=each.description,
            mime_type=JSON,
        )
        for uri, each in RESOURCES.items()
        if user is not None and user.has_perms(each.route.needs() or ())
    ]


def read_resource(visit: Visit, uri: str) -> types.ReadResourceResult:
    """Return a resource as the caller sees it.

    :raises Refused: there is none, or it is not for them.
    """
    found = RESOURCES.get(uri)
    if found is None:
        raise Refused("There is no such resource.")
    if visit.user is None:
        raise Refused("You are not signed in.")
    with tenant_scope(visit.user.tenant_id):
        text = orjson.dumps(ask(visit, found.route, {})).decode()
    content = types.TextResourceContents(uri=uri, mime_type=JSON, text=text)
    return types.ReadResourceResult(contents=[content])
