from django.urls import path

from sales.contracts.views import ContractViewSet

urlpatterns = [
    path("contracts", ContractViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "contracts/<id:pk>",
        ContractViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("contracts/<id:pk>/pdf", ContractViewSet.as_view({"get": "pdf"})),
    path("contracts/<id:pk>/send", ContractViewSet.as_view({"post": "send"})),
    path("contracts/<id:pk>/sign", ContractViewSet.as_view({"post": "sign"})),
    path("contracts/<id:pk>/cancel", ContractViewSet.as_view({"post": "cancel"})),
]
