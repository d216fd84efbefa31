from django.urls import path

from sales.activities.views import ActivityViewSet

urlpatterns = [
    path("activities", ActivityViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "activities/<id:pk>",
        ActivityViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("activities/<id:pk>/complete", ActivityViewSet.as_view({"post": "complete"})),
]
