from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from clients.merging.serializers import (
    MERGED_SCHEMA,
    UNMERGED_SCHEMA,
    MergeWriteSerializer,
    UnmergeWriteSerializer,
    plan_shape,
    unmerged_shape,
)
from clients.merging.services import merge_prospects, plan_merge
from clients.merging.undoing import unmerge
from core.rights import CHANGE_PROSPECT, CRM_ACCESS
from prospects.cards.views import CardView


class MergeView(CardView):
    """`/prospects/{id}/merge`"""

    permission = (CRM_ACCESS, CHANGE_PROSPECT)

    @extend_schema(request=MergeWriteSerializer, responses=MERGED_SCHEMA)
    def post(self, request: Any, pk: int) -> Response:
        """Merge another prospect into this one: all that hangs on it moves, and it is deleted.

        Its addresses answer 301 from then on. 409: both have a company, or one of them was merged
        already.
        """
        sent = self.valid(MergeWriteSerializer, request).validated_data
        asked: dict[str, Any] = {
            "prospect_id": pk,
            "from_id": sent["from_id"],
            "fields": sent.get("fields", {}),
            "seen_by": request.user,
        }
        if sent["dry_run"]:
            plan = plan_merge(**asked)
            return Response({"dry_run": True, "merge_id": None, **plan_shape(plan), "card": None})
        merge, plan = merge_prospects(**asked, by=request.user, at=timezone.now())
        shape = {"dry_run": False, "merge_id": merge.pk, **plan_shape(plan)}
        return Response({**shape, "card": self.answer(request, pk).data})


class UnmergeView(CardView):
    """`/prospects/{id}/unmerge`: the id is that of the card that stayed."""

    permission = (CRM_ACCESS, CHANGE_PROSPECT)

    @extend_schema(request=UnmergeWriteSerializer, responses=UNMERGED_SCHEMA)
    def post(self, request: Any, pk: int) -> Response:
        """Take back a merge into this prospect, the latest or the one that is named.

        What moved goes back with the other prospect, and this one gets its old values back; a value
        that was changed since stays (`kept_fields`), as does a row that hangs elsewhere by now
        (`kept_rows`). 409: something that moved was deleted since, or the merge was undone already.
        """
        sent = self.valid(UnmergeWriteSerializer, request).validated_data
        done = unmerge(
            prospect_id=pk,
            merge_id=sent.get("merge_id"),
            by=request.user,
            at=timezone.now(),
            seen_by=request.user,
        )
        return Response({**unmerged_shape(done), "card": self.answer(request, pk).data})
