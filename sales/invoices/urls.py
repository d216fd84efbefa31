from django.urls import path

from sales.invoices.views import InvoiceViewSet

urlpatterns = [
    path("invoices", InvoiceViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "invoices/<id:pk>",
        InvoiceViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("invoices/<id:pk>/pdf", InvoiceViewSet.as_view({"get": "pdf"})),
    path("invoices/<id:pk>/send", InvoiceViewSet.as_view({"post": "send"})),
    path("invoices/<id:pk>/cancel", InvoiceViewSet.as_view({"post": "cancel"})),
]
