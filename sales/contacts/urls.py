from django.urls import path

from sales.contacts.views import ContactNoteViewSet, ContactViewSet

urlpatterns = [
    path("contacts", ContactViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "contacts/<id:pk>",
        ContactViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path(
        "contacts/<id:contact_id>/notes",
        ContactNoteViewSet.as_view({"get": "list", "post": "create"}),
    ),
]
