"""What must always be true of the numbers of documents."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Count, Max

from core.checks import integrity_check
from sales.documents.models import DocumentCounter, MoneyDocument


@integrity_check("numbers of documents have no gap")
def gaps_in_numbers() -> Iterator[str]:
    """Kinds of documents of which more, or fewer, have a number than numbers were given."""
    given = dict(DocumentCounter.objects.values_list("kind", "last_number"))
    for model in apps.get_models():
        if not issubclass(model, MoneyDocument) or model._meta.proxy:
            continue
        found = model.all_objects.aggregate(count=Count("pk"), last=Max("number"))
        last = given.get(model.KIND, 0)
        if (found["count"], found["last"] or 0) != (last, last):
            yield (
                f"{model.KIND}: {last} numbers were given, {found['count']} documents have one, "
                f"the highest is {found['last'] or 0}"
            )
