from django.urls import path

from clients.companies.views import CompanyViewSet

urlpatterns = [
    path("companies", CompanyViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "companies/<id:pk>",
        CompanyViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
]
