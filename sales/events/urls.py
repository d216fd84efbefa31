from django.urls import path

from sales.events.views import AttendeeViewSet, EventViewSet

urlpatterns = [
    path("events", EventViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "events/<id:pk>",
        EventViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("events/<id:pk>/cancel", EventViewSet.as_view({"post": "cancel"})),
    path("events/<id:pk>/cancel/tell-again", EventViewSet.as_view({"post": "tell_again"})),
    path("events/<id:pk>/invite", EventViewSet.as_view({"post": "invite"})),
    path("events/<id:pk>/rsvp", EventViewSet.as_view({"post": "rsvp"})),
    path(
        "events/<id:event_pk>/attendees",
        AttendeeViewSet.as_view({"get": "list", "post": "create"}),
    ),
    path(
        "events/<id:event_pk>/attendees/<id:pk>",
        AttendeeViewSet.as_view({"put": "update", "delete": "destroy"}),
    ),
    path("events/<id:event_pk>/check-in/<id:pk>", AttendeeViewSet.as_view({"post": "check_in"})),
]
