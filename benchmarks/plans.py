"""A plan in one line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]
# The cards and what narrows them.
TELLING = ("prospects_prospect", "prospects_teamassignment", "clients_company")
WORKING = ("Sort", "Incremental Sort", "Gather", "Gather Merge", "BitmapAnd", "BitmapOr")


def summary(plan: Node) -> str:
    """Name the steps that find cards, from the outermost in, and how many pages all of it read."""
    steps = list(dict.fromkeys(_steps(_search(plan))))
    buffers = plan.get("Shared Hit Blocks", 0) + plan.get("Shared Read Blocks", 0)
    return f"{' ← '.join(steps)} ({buffers:,} pages)"


def _search(plan: Node) -> Node:
    """The part below the limit, which finds the ids of a page; all of a statement without one."""
    if plan["Node Type"] == "Limit":
        return plan
    below = (_search(child) for child in plan.get("Plans", ()))
    return next((found for found in below if found["Node Type"] == "Limit"), plan)


def _steps(node: Node) -> Iterator[str]:
    kind, index = node["Node Type"], node.get("Index Name", "")
    if kind == "Bitmap Index Scan":
        yield f"bitmap of {index}"
    elif node.get("Relation Name") in TELLING and not index.endswith(("_pkey", "_prospect_id_key")):
        yield f"{kind} {index or node['Relation Name']}"
    elif kind in WORKING:
        yield f"{kind} {node.get('Sort Method', '')}".strip()
    for child in node.get("Plans", ()):
        yield from _steps(child)
