from django.urls import path

from sales.quotes.views import QuoteViewSet

urlpatterns = [
    path("quotes", QuoteViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "quotes/<id:pk>",
        QuoteViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("quotes/<id:pk>/pdf", QuoteViewSet.as_view({"get": "pdf"})),
    path("quotes/<id:pk>/send", QuoteViewSet.as_view({"post": "send"})),
    path("quotes/<id:pk>/approve", QuoteViewSet.as_view({"post": "approve"})),
    path("quotes/<id:pk>/reject", QuoteViewSet.as_view({"post": "reject"})),
    path("quotes/<id:pk>/cancel", QuoteViewSet.as_view({"post": "cancel"})),
]
