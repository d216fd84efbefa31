from django.urls import path

from sales.segments.views import SegmentContactsViewSet, SegmentViewSet

urlpatterns = [
    path("segments", SegmentViewSet.as_view({"get": "list", "post": "create"})),
    path("segments/preview", SegmentViewSet.as_view({"post": "preview"})),
    path(
        "segments/<id:pk>",
        SegmentViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path(
        "segments/<id:pk>/contacts",
        SegmentContactsViewSet.as_view({"get": "list", "post": "put_in", "delete": "take_out"}),
    ),
]
