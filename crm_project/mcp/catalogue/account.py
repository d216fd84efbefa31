"""Signing in, who one is, how business goes, and the box that finds everything."""

from __future__ import annotations

from pydantic import Field

from core.errors import InvalidInput
from crm_project.back_office.finding import rows_found
from crm_project.mcp import answers
from crm_project.mcp.asking import Route
from crm_project.mcp.tools import (
    ADDS,
    READS,
    Arguments,
    Result,
    asked,
    next_tools,
    shown_tools,
    tool,
)
from crm_project.mcp.visits import Visit, caller_by

LOGIN = Route("POST", "/api/v1/auth/login")
ME = Route("GET", "/api/v1/auth/me")
STATS = Route("GET", "/api/v1/dashboard/stats")
LONGEST_SEARCH = 100


class SignIn(Arguments):
    email: str
    password: str
    otp: str | None = Field(
        None, description="The code of the authenticator app, for who signs in with one, too."
    )


class Nothing(Arguments):
    pass


class Search(Arguments):
    query: str = Field(description="Part of a name, email or phone, or a document's number.")


@tool(LOGIN, title="Sign in", answers=answers.SignedIn, effect=ADDS)
def leader_authenticate(visit: Visit, sent: SignIn) -> Result:
    """Open a session with email and password and get a bearer token. Over stdio, later calls act
    for this user; over HTTP, send the token with each request."""
    answer = asked(visit, LOGIN, sent)
    user, name = visit.user, answer["user"]["name"]
    if visit.sign_in is not None:
        visit.sign_in(answer["token"])
        user, _session = caller_by(answer["token"])
    text = f"Signed in as {name} of {answer['tenant']['name']}."
    return Result({**answer, "next": next_tools(user, ("leader_whoami", "leader_search"))}, text)


@tool(ME, title="Who am I", answers=answers.Myself, effect=READS)
def leader_whoami(visit: Visit, sent: Nothing) -> Result:
    """Tell the user and tenant that you act for, their rights, and the tools that you have."""
    answer = asked(visit, ME, sent)
    user = dict(answer["data"])
    permissions = user.pop("permissions")
    tools = [each.name for each in shown_tools(visit.user)]
    may_send = bool(visit.user and visit.user.tenant and visit.user.tenant.agents_may_send)
    structured = {
        "user": user,
        "tenant": answer["tenant"],
        "permissions": permissions,
        "agents_may_send": may_send,
        "tools": tools,
        "next": next_tools(visit.user, ("leader_search", "leader_get_dashboard_stats")),
    }
    return Result(structured, f"{user['name']} ({user['role']}) of {answer['tenant']['name']}")


@tool(ME, title="Find anything", answers=answers.Findings, effect=READS)
def leader_search(visit: Visit, sent: Search) -> Result:
    """Find cards, people, deals and documents by part of a name, email or phone, or by number:
    a few of each kind, of what you may see."""
    text = sent.query.strip()
    if not text or len(text) > LONGEST_SEARCH or "\x00" in text:
        raise InvalidInput.of("query", f"Must have 1 to {LONGEST_SEARCH} characters.")
    found = []
    for row, shown in rows_found(visit.user, text):
        kind = str(row._meta.model_name)
        told = {"title": shown.title, "description": shown.description}
        found.append({"kind": kind, "id": row.pk, **told, "url": visit.link(shown.link)})
    lines = [f"{each['kind']} {each['id']}: {each['title']}" for each in found]
    then = ("leader_get_contact", "leader_get_deal", "leader_log_follow_up")
    structured = {"total": len(found), "found": found, "next": next_tools(visit.user, then)}
    return Result(structured, "\n".join([f"{len(found)} found", *lines]))


@tool(STATS, title="Figures of the dashboard", answers=answers.Stats, effect=READS)
def leader_get_dashboard_stats(visit: Visit, sent: Nothing) -> Result:
    """Tell how business goes, of what you may see: contacts, deals by state and stage, what was
    won this month, quotes and invoices by state, what is overdue, what is to be done."""
    stats = asked(visit, STATS, sent)["data"]
    won, still = stats["deals"]["won_this_month"], stats["deals"]["open"]
    text = (
        f"{stats['contacts']['total']} contacts; {still['count']} open deals; "
        f"{won['count']} won this month; {stats['pending_activities']} activities pending"
    )
    then = ("leader_get_pipeline", "leader_list_activities", "leader_prospect_board")
    return Result({"stats": stats, "next": next_tools(visit.user, then)}, text)
