from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.views import TenantAPIView, read_body
from core.errors import NotFound
from core.rights import CHANGE_PROSPECT, CRM_ACCESS
from prospects.pipeline.models import Prospect
from prospects.pipeline.redirecting import FollowsMergedCards
from prospects.sharing.explaining import accesses_to
from prospects.sharing.models import ProspectUserObjectPermission
from prospects.sharing.serializers import (
    AccessSerializer,
    ShareSerializer,
    ShareWriteSerializer,
    share_shape,
)
from prospects.sharing.services import share_prospect, unshare_prospect


class SharesView(FollowsMergedCards, TenantAPIView):
    """`/prospects/{id}/shares`: read by whoever sees the card, written by who may change it."""

    surface = Surface.CRM
    permission = {"get": CRM_ACCESS, "post": (CRM_ACCESS, CHANGE_PROSPECT)}

    @extend_schema(responses=ShareSerializer(many=True))
    def get(self, request: Any, pk: int) -> Response:
        if not Prospect.objects.visible_to(request.user).filter(pk=pk).exists():
            raise NotFound("There is no such prospect.")
        entries = ProspectUserObjectPermission.objects.on(pk).by_user()
        return Response([share_shape(entry) for entry in entries])

    @extend_schema(request=ShareWriteSerializer, responses=ShareSerializer)
    def post(self, request: Any, pk: int) -> Response:
        sent = read_body(ShareWriteSerializer, request).validated_data
        user, level = share_prospect(
            prospect_id=pk, user_id=sent["user_id"], level=sent["permission"], by=request.user
        )
        return Response({"user_id": user.pk, "user_name": user.name, "permission": level})


class AccessView(FollowsMergedCards, TenantAPIView):
    """`/prospects/{id}/access`: by which rules who sees the card; for whoever sees it."""

    surface = Surface.CRM
    permission = CRM_ACCESS

    @extend_schema(responses=AccessSerializer(many=True))
    def get(self, request: Any, pk: int) -> Response:
        if not Prospect.objects.visible_to(request.user).filter(pk=pk).exists():
            raise NotFound("There is no such prospect.")
        return Response(AccessSerializer(accesses_to(pk), many=True).data)


class ShareView(TenantAPIView):
    """`/prospects/{id}/shares/{user_id}`: who may share may also take back, deletes or not."""

    surface = Surface.CRM
    permission = (CRM_ACCESS, CHANGE_PROSPECT)

    @extend_schema(responses=inline_serializer("Unshared", {"message": serializers.CharField()}))
    def delete(self, request: Any, pk: int, user_id: int) -> Response:
        unshare_prospect(prospect_id=pk, user_id=user_id, by=request.user)
        return Response({"message": "The prospect is no longer shared with this user."})
