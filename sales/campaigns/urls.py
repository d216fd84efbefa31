from django.urls import path

from sales.campaigns.views import ACTS, CampaignViewSet, RecipientViewSet

urlpatterns = [
    path("campaigns", CampaignViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "campaigns/<id:pk>",
        CampaignViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("campaigns/<id:pk>/recipients", RecipientViewSet.as_view({"get": "list"})),
    *(path(f"campaigns/<id:pk>/{act}", CampaignViewSet.as_view({"post": act})) for act in ACTS),
]
