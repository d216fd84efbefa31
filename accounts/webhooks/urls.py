from django.urls import path

from accounts.webhooks.views import WebhookDeliveryViewSet, WebhookEventsView, WebhookViewSet

urlpatterns = [
    path("webhooks", WebhookViewSet.as_view({"get": "list", "post": "create"})),
    path("webhooks/events", WebhookEventsView.as_view()),
    path(
        "webhooks/<id:pk>",
        WebhookViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("webhooks/<id:pk>/secret", WebhookViewSet.as_view({"post": "renew"})),
    path("webhooks/<id:endpoint_id>/deliveries", WebhookDeliveryViewSet.as_view({"get": "list"})),
    path(
        "webhooks/<id:endpoint_id>/deliveries/<id:pk>/replay",
        WebhookDeliveryViewSet.as_view({"post": "replay"}),
    ),
]
