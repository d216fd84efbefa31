from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.bulk_jobs.exporting import write_view
from accounts.models import SavedView, User
from core.audit import name_actor
from core.commands import OperatorCommand
from core.tables_out import CSV, TYPES
from core.tenancy import tenant_scope


class Command(OperatorCommand):
    """Write the rows of a saved view to a file, as its user sees them."""

    help = (
        "Write the rows of a saved view to a CSV or XLSX file: those that its owner, or --user, "
        "may see, in their language and time zone."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--view", required=True, help="the name of the saved view")
        parser.add_argument("--tenant", help="its slug; needed where two tenants have such a view")
        parser.add_argument("--user", help="whose eyes count, by email; else the view's owner")
        parser.add_argument("--list", help="such as prospects.prospect; needed where two have one")
        parser.add_argument("--format", choices=sorted(TYPES), default=CSV)
        parser.add_argument("--output", type=Path, help="else NAME.csv or NAME.xlsx, right here")

    def handle(self, *args: Any, **options: Any) -> None:
        view = self._find(options)
        kind = options["format"]
        path = options["output"] or Path(f"{view.list_name.partition('.')[2]}-{view.pk}.{kind}")
        with tenant_scope(view.tenant_id):
            user = self._user(options["user"], view)
            name_actor(user.pk)
            part = path.with_name(f"{path.name}.part")
            try:
                with part.open("wb") as file:
                    job = write_view(view, kind=kind, file=file, by=user, at=timezone.now())
                part.replace(path)
            except OSError as error:
                raise CommandError(f"{path} cannot be written: {error}") from error
            finally:
                part.unlink(missing_ok=True)
        self.stdout.write(f"{job.done:,} rows are in {path}.")

    def _find(self, options: dict[str, Any]) -> SavedView:
        views = SavedView.objects.filter(name__iexact=options["view"]).select_related("tenant")
        if options["tenant"]:
            views = views.filter(tenant__slug=options["tenant"])
        if options["list"]:
            views = views.filter(list_name=options["list"])
        if options["user"]:
            views = self._seen(views, options["user"])
        found = list(views.order_by("pk")[:2])
        if not found:
            raise CommandError("There is no such view.")
        if len(found) > 1:
            raise CommandError("There are several such views: say --tenant, --list or --user.")
        return found[0]

    def _seen(self, views: Any, email: str) -> Any:
        user = User.objects.filter(email=email.strip().lower(), is_superuser=False).first()
        if user is None:
            raise CommandError("There is no such user.")
        return views.filter(tenant_id=user.tenant_id).visible_to(user)

    def _user(self, email: str | None, view: SavedView) -> User:
        if not email:
            return User.objects.select_related("tenant").get(pk=view.owner_id)
        return User.objects.select_related("tenant").get(email=email.strip().lower())
