from django.urls import path

from sales.contacts.views import ContactViewSet

urlpatterns = [
    path("contacts", ContactViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "contacts/<id:pk>",
        ContactViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
]
