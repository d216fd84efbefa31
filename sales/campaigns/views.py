from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.openapi import IF_MATCH, in_data
from core.api.throttling import hit
from core.api.views import read_body
from core.api.viewsets import ReadMixin, ResourceViewSet, WriteMixin
from core.errors import InvalidInput, NotFound
from core.rights import ALL_PROSPECTS
from prospects.contacts.models import Contact
from sales.campaigns.filters import CampaignFilter, RecipientFilter
from sales.campaigns.serializers import (
    CampaignDetailSerializer,
    CampaignSerializer,
    CampaignWriteSerializer,
    RecipientSerializer,
    ScheduleSerializer,
    TestMailSerializer,
)
from sales.campaigns.services import (
    create_campaign,
    delete_campaign,
    edit_campaign,
    send_test,
)
from sales.mass_mail.models import Campaign, CampaignRecipient
from sales.mass_mail.services import (
    cancel_campaign,
    pause_campaign,
    resume_campaign,
    schedule_campaign,
    send_campaign,
)

VIEW, CHANGE = "sales.view_campaign", "sales.change_campaign"
TESTS_PER_MINUTE = 10
LISTED = (
    *("id", "name", "subject", "status", "segment_id", "scheduled_at", "started_at", "sent_at"),
    *("created_at", "updated_at"),
)
WHOLE = (*LISTED, "preheader", "content", "skipped", "problem")
ACTS = ("send", "schedule", "pause", "resume", "cancel", "test")
ANSWER = in_data(CampaignDetailSerializer)


class CampaignViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """Campaigns: one mail to everybody in a segment."""

    model = Campaign
    permission: ClassVar[Any] = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": "sales.add_campaign",
        "update": CHANGE,
        "destroy": "sales.delete_campaign",
        **dict.fromkeys(ACTS, CHANGE),
    }
    answers_too: ClassVar[Any] = {"test": (429,)}
    read_serializer_class = CampaignDetailSerializer
    write_serializer_class = CampaignWriteSerializer
    filterset_class = CampaignFilter
    version_fields = ("updated_at",)
    request: Any

    def shown(self, queryset: Any) -> Any:
        columns = LISTED if self.action == "list" else WHOLE
        names = {"segment_name": F("segment__name"), "created_by_name": F("created_by__name")}
        return queryset.values(*columns, **names)

    def get_serializer_class(self) -> Any:
        return CampaignSerializer if self.action == "list" else self.read_serializer_class

    def add(self, sent: Any) -> int:
        by, at = self.request.user, timezone.now()
        return create_campaign(values=sent.columns(), by=by, at=at).pk

    def change(self, pk: int, sent: Any) -> None:
        by, at = self.request.user, timezone.now()
        edit_campaign(campaign_id=pk, values=sent.columns(), by=by, at=at)

    def remove(self, pk: int) -> None:
        delete_campaign(campaign_id=pk, by=self.request.user, at=timezone.now())

    @extend_schema(parameters=[IF_MATCH], request=None, responses=ANSWER)
    def send(self, request: Any, pk: int) -> Response:
        """Begin to send it."""
        return self._act(pk, send_campaign)

    @extend_schema(parameters=[IF_MATCH], request=ScheduleSerializer, responses=ANSWER)
    def schedule(self, request: Any, pk: int) -> Response:
        """Have it sent at a time to come."""
        sent = read_body(ScheduleSerializer, request).validated_data
        return self._act(pk, schedule_campaign, scheduled_at=sent.get("scheduled_at"))

    @extend_schema(parameters=[IF_MATCH], request=None, responses=ANSWER)
    def pause(self, request: Any, pk: int) -> Response:
        """Stop sending it until it is resumed."""
        return self._act(pk, pause_campaign)

    @extend_schema(parameters=[IF_MATCH], request=None, responses=ANSWER)
    def resume(self, request: Any, pk: int) -> Response:
        """Go on sending it."""
        return self._act(pk, resume_campaign)

    @extend_schema(parameters=[IF_MATCH], request=None, responses=ANSWER)
    def cancel(self, request: Any, pk: int) -> Response:
        """Call it off: who has not got it yet never will."""
        return self._act(pk, cancel_campaign)

    @extend_schema(request=TestMailSerializer, responses=ANSWER)
    def test(self, request: Any, pk: int) -> Response:
        """Mail it to a colleague, oneself if none is named, to be looked at."""
        campaign = Campaign.objects.select_related("tenant", "created_by").filter(pk=pk).first()
        if campaign is None:
            raise NotFound("Not found.")
        sent = read_body(TestMailSerializer, request).validated_data
        hit("campaign-test", str(request.user.pk), limit=TESTS_PER_MINUTE)
        to = sent.get("user_id") or sent.get("email") or request.user
        send_test(campaign=campaign, to=to, contact=self._contact(sent.get("contact_id")))
        return self.answer(Campaign.objects, pk)

    def _contact(self, contact_id: int | None) -> Contact | None:
        if contact_id is None:
            return None
        people = Contact.objects.visible_to(self.request.user, are_few=True)
        contact: Contact | None = people.select_related("prospect").filter(pk=contact_id).first()
        if contact is None:
            raise InvalidInput.of("contact_id", "There is no such contact.")
        return contact

    def _act(self, pk: int, service: Callable[..., Any], **how: Any) -> Response:
        pk = self.seen(pk)
        with transaction.atomic():
            self.refuse_outdated(pk)
            service(campaign_id=pk, by=self.request.user, at=timezone.now(), **how)
        return self.answer(Campaign.objects, pk)


class RecipientViewSet(ReadMixin, ResourceViewSet):
    """To whom a campaign goes, of the people that the caller sees, and what became of it."""

    model = CampaignRecipient
    permission: ClassVar[Any] = {"list": VIEW}
    read_serializer_class = RecipientSerializer
    filterset_class = RecipientFilter
    request: Any
    kwargs: dict[str, Any]

    def narrow(self, queryset: Any) -> Any:
        mails = queryset.filter(campaign=self.kwargs["pk"])
        if self.request.user.has_perm(ALL_PROSPECTS):
            return mails
        return mails.filter(contact__in=Contact.objects.visible_to(self.request.user).values("pk"))

    def shown(self, queryset: Any) -> Any:
        return queryset.select_related("contact")

    @extend_schema(operation_id="campaigns_recipients_list")
    def list(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Who got it, or will."""
        if not Campaign.objects.filter(pk=kwargs["pk"]).exists():
            raise NotFound("Not found.")
        return super().list(request, *args, **kwargs)
