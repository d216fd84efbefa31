from __future__ import annotations

from typing import Any

from core.commands import OperatorCommand
from prospects.catalogs.services import set_rate


class Command(OperatorCommand):
    """Set what a US dollar costs in a currency."""

    help = "Set how many units of a currency one USD costs, in every country that uses it."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("currency", help="ISO 4217, such as MXN")
        parser.add_argument("rate", help="Units for one USD, such as 18.25")

    def handle(self, *args: Any, **options: Any) -> None:
        count = set_rate(currency=options["currency"], rate=options["rate"])
        self.stdout.write(f"Set the rate of {count} countries.")
