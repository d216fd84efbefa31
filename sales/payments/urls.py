from django.urls import path

from sales.payments.views import CompanyStatementView, PaymentViewSet, StatementView

urlpatterns = [
    path("payments", PaymentViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "payments/<id:pk>",
        PaymentViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("payments/<id:pk>/refund", PaymentViewSet.as_view({"post": "refund"})),
    path("contacts/<id:contact_id>/statement", StatementView.as_view()),
    path("companies/<id:company_id>/statement", CompanyStatementView.as_view()),
]
