"""Saved views of the demo tenant: some that everybody sees, above the lists."""

from __future__ import annotations

from accounts.saved_views.services import save_view
from accounts.users.models import User

VIEWS = (
    ("prospects.prospect", "Los más valiosos", "cols=title,owner,shown_category,value&o=-4"),
    ("prospects.prospect", "Sin primer contacto", "first_contact_at__isempty=1"),
    ("prospects.prospect", "Socios", "type__exact=3&cols=title,name,email,full_phone,created"),
    ("sales.deal", "Abiertos por monto", "status__exact=open&o=-3"),
    ("sales.invoice", "Vencidas", "state=overdue"),
)


def add_views(*, by: User) -> None:
    """Save the views and share them."""
    for position, (list_name, name, query) in enumerate(VIEWS):
        values = {"name": name, "is_shared": True, "position": position}
        save_view(list_name=list_name, query=query, values=values, by=by)
