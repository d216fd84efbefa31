from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from crm_project import env
from crm_project.mcp.stdio import serve_stdio


class Command(BaseCommand):
    """Let an agent on this machine in."""

    help = (
        "Serve the Model Context Protocol over standard input and output. Without a token the "
        "agent signs in itself, by the tool leader_authenticate."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--token",
            default=env.text("CRM_MCP_TOKEN", ""),
            help="An access token (see issue_token); default: $CRM_MCP_TOKEN, which other users "
            "of the machine cannot read",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        serve_stdio(options["token"])
