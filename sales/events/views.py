from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.openapi import in_data
from core.api.serializers import MessageSerializer
from core.api.views import read_body
from core.api.viewsets import ReadMixin, ResourceViewSet, WriteMixin
from core.errors import NotFound
from sales.events.answering import answer, answer_own, check_in
from sales.events.attending import add_attendee, invite_attendees, remove_attendee
from sales.events.filters import AttendeeFilter, EventFilter
from sales.events.models import Attendee, Event
from sales.events.rows import MOST_SHOWN, attendee_rows, event_rows
from sales.events.serializers import (
    AnswerSerializer,
    AttendeeSerializer,
    EventDetailSerializer,
    EventSerializer,
    EventWriteSerializer,
    InvitedSerializer,
    InviteSerializer,
    NewAttendeeSerializer,
)
from sales.events.services import (
    call_off_undelivered,
    cancel_event,
    create_event,
    delete_event,
    edit_event,
)


class EventViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """The tenant's events."""

    model = Event
    permission: ClassVar[Any] = {
        "list": "sales.view_event",
        "retrieve": "sales.view_event",
        "rsvp": "sales.view_event",
        "create": "sales.add_event",
        "update": "sales.change_event",
        "cancel": "sales.change_event",
        "tell_again": "sales.change_event",
        "invite": "sales.change_event",
        "destroy": "sales.delete_event",
    }
    read_serializer_class = EventSerializer
    write_serializer_class = EventWriteSerializer
    filterset_class = EventFilter
    request: Any

    def narrow(self, queryset: Any) -> Any:
        return queryset.order_by("-start_at", "-pk")

    def shown(self, queryset: Any) -> Any:
        return event_rows(queryset, self.request.user)

    def add(self, sent: Any) -> int:
        return create_event(values=sent.columns(), by=self.request.user, at=timezone.now()).pk

    def change(self, pk: int, sent: Any) -> None:
        by, at = self.request.user, timezone.now()
        edit_event(event_id=pk, values=sent.columns(), by=by, at=at)

    def remove(self, pk: int) -> None:
        delete_event(event_id=pk, by=self.request.user, at=timezone.now())

    @extend_schema(responses=in_data(EventDetailSerializer))
    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """An event with the people on its list whom the caller sees."""
        row = self.shown(self.get_queryset().filter(pk=kwargs["pk"])).first()
        if row is None:
            raise NotFound("Not found.")
        people = Attendee.objects.visible_to(request.user).filter(event=row["id"])
        row["attendees"] = attendee_rows(people.order_by("pk"))[:MOST_SHOWN]
        return Response({"data": EventDetailSerializer(row).data})

    @extend_schema(request=None, responses=in_data(EventSerializer))
    def cancel(self, request: Any, pk: int) -> Response:
        """Call it off; whoever was invited is told."""
        cancel_event(event_id=pk, by=request.user, at=timezone.now())
        return self.answer(Event.objects, pk)

    @extend_schema(request=None, responses=in_data(InvitedSerializer))
    def tell_again(self, request: Any, pk: int) -> Response:
        """Mail those again whom the news that they need not come may not have reached."""
        count = call_off_undelivered(event_id=pk, at=timezone.now())
        return Response({"data": {"count": count}})

    @extend_schema(request=InviteSerializer, responses=in_data(InvitedSerializer))
    def invite(self, request: Any, pk: int) -> Response:
        """Mail an invitation to people on the list whom the caller sees."""
        whom = read_body(InviteSerializer, request).validated_data["whom"]
        count = invite_attendees(event_id=pk, whom=whom, by=request.user, at=timezone.now())
        return Response({"data": {"count": count}})

    @extend_schema(request=AnswerSerializer, responses=in_data(AttendeeSerializer))
    def rsvp(self, request: Any, pk: int) -> Response:
        """Say whether the caller comes; who was not on the list is now."""
        status = read_body(AnswerSerializer, request).validated_data["status"]
        mine = answer_own(event_id=pk, status=status, by=request.user, at=timezone.now())
        return one_attendee(mine.pk)


class AttendeeViewSet(ReadMixin, ResourceViewSet):
    """The people on the list of an event whom the caller sees, the first one first."""

    model = Attendee
    permission: ClassVar[Any] = {
        "list": "sales.view_event",
        "create": "sales.change_event",
        "update": "sales.change_event",
        "destroy": "sales.change_event",
        "check_in": "sales.change_event",
    }
    read_serializer_class = AttendeeSerializer
    write_serializer_class = AnswerSerializer
    filterset_class = AttendeeFilter
    request: Any
    kwargs: Any

    def narrow(self, queryset: Any) -> Any:
        event_id = self.kwargs["event_pk"]
        if not Event.objects.filter(pk=event_id).exists():
            raise NotFound("Not found.")
        return queryset.visible_to(self.request.user).filter(event=event_id).order_by("pk")

    def shown(self, queryset: Any) -> Any:
        return attendee_rows(queryset)

    @extend_schema(request=NewAttendeeSerializer, responses={201: in_data(AttendeeSerializer)})
    def create(self, request: Any, event_pk: int) -> Response:
        """Put a contact or a colleague on the list; they are invited by mail."""
        sent = dict(read_body(NewAttendeeSerializer, request).validated_data)
        is_invited = sent.pop("send_invitation")
        who = {"event_id": event_pk, "by": request.user, "at": timezone.now()}
        return one_attendee(add_attendee(**who, is_invited=is_invited, **sent).pk, status=201)

    @extend_schema(request=AnswerSerializer, responses=in_data(AttendeeSerializer))
    def update(self, request: Any, event_pk: int, pk: int) -> Response:
        """Note what somebody answered, who did not answer by their link."""
        status = read_body(AnswerSerializer, request).validated_data["status"]
        who = {"event_id": event_pk, "attendee_id": pk, "by": request.user}
        return one_attendee(answer(**who, status=status, at=timezone.now()).pk)

    @extend_schema(responses=MessageSerializer)
    def destroy(self, request: Any, event_pk: int, pk: int) -> Response:
        """Take somebody off the list; who was invited is told."""
        who = {"event_id": event_pk, "attendee_id": pk, "by": request.user}
        remove_attendee(**who, at=timezone.now())
        return Response({"message": "Deleted successfully."})

    @extend_schema(request=None, responses=in_data(AttendeeSerializer))
    def check_in(self, request: Any, event_pk: int, pk: int) -> Response:
        """Note that somebody came, once."""
        who = {"event_id": event_pk, "attendee_id": pk, "by": request.user}
        return one_attendee(check_in(**who, at=timezone.now()).pk)


def one_attendee(pk: int, status: int = 200) -> Response:
    """Somebody on a list, inside `data`."""
    row = attendee_rows(Attendee.objects.filter(pk=pk)).get()
    return Response({"data": AttendeeSerializer(row).data}, status=status)
