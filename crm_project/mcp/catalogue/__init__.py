"""The tools themselves, in the order in which they are listed."""

from crm_project.mcp.catalogue import account, activities, cards, deals, documents, people

__all__ = ["account", "activities", "cards", "deals", "documents", "people"]
