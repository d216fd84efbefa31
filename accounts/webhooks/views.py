from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.response import Response

from accounts.webhooks.events import known_events
from accounts.webhooks.filters import DeliveryFilter
from accounts.webhooks.models import WebhookDelivery, WebhookEndpoint
from accounts.webhooks.sending import replay
from accounts.webhooks.serializers import (
    NewWebhookSerializer,
    WebhookDeliverySerializer,
    WebhookEventSerializer,
    WebhookSerializer,
    WebhookWriteSerializer,
)
from accounts.webhooks.services import create_endpoint, edit_endpoint, renew_secret
from core.api.errors import Surface
from core.api.openapi import in_data
from core.api.views import TenantAPIView
from core.api.viewsets import ReadMixin, ResourceViewSet, WriteMixin
from core.errors import NotFound

VIEW, CHANGE = "accounts.view_webhookendpoint", "accounts.change_webhookendpoint"


class WebhookViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """The tenant's own systems that are told of what happens."""

    model = WebhookEndpoint
    permission: ClassVar[Any] = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": "accounts.add_webhookendpoint",
        "update": CHANGE,
        "renew": CHANGE,
        "destroy": "accounts.delete_webhookendpoint",
    }
    read_serializer_class = WebhookSerializer
    write_serializer_class = WebhookWriteSerializer

    @extend_schema(responses={201: in_data(NewWebhookSerializer)})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        given = self.valid(request).validated_data
        made = create_endpoint(**given)
        return Response({"data": NewWebhookSerializer(made).data}, status=201)

    @extend_schema(request=None, responses={200: in_data(NewWebhookSerializer)})
    def renew(self, request: Any, pk: int) -> Response:
        """Give it a new secret; nothing is signed with the old one any more."""
        renewed = renew_secret(endpoint_id=pk)
        return Response({"data": NewWebhookSerializer(renewed).data})

    def change(self, pk: int, sent: Any) -> None:
        edit_endpoint(endpoint_id=pk, **sent.validated_data)

    def remove(self, pk: int) -> None:
        WebhookEndpoint.objects.filter(pk=pk).delete()


class WebhookDeliveryViewSet(ReadMixin, ResourceViewSet):
    """What was sent to an endpoint in the last month, and what waits; the latest first."""

    model = WebhookDelivery
    permission: ClassVar[Any] = {"list": VIEW, "replay": CHANGE}
    read_serializer_class = WebhookDeliverySerializer
    filterset_class = DeliveryFilter

    def narrow(self, queryset: Any) -> Any:
        return queryset.filter(endpoint_id=self.endpoint_id()).order_by("-created_at", "-pk")

    def endpoint_id(self) -> int:
        """Return the endpoint of the path.

        :raises NotFound: there is none.
        """
        pk = int(self.kwargs["endpoint_id"])
        if not WebhookEndpoint.objects.filter(pk=pk).exists():
            raise NotFound("There is no such webhook.")
        return pk

    @extend_schema(request=None, responses={200: in_data(WebhookDeliverySerializer)})
    def replay(self, request: Any, endpoint_id: int, pk: int) -> Response:
        """Send it again, whatever became of it."""
        rows = self.get_queryset()
        if not rows.filter(pk=pk).exists():
            raise NotFound("There is no such delivery.")
        replay(delivery_ids=[pk], at=timezone.now())
        return self.answer(rows, pk)


class WebhookEventsView(TenantAPIView):
    """The events that endpoints can be told of."""

    surface = Surface.SALES
    permission = VIEW

    @extend_schema(
        responses={
            200: inline_serializer("WebhookEvents", {"data": WebhookEventSerializer(many=True)})
        }
    )
    def get(self, request: Any) -> Response:
        named = [{"name": name, "label": str(label)} for name, label in known_events().items()]
        return Response({"data": named})
