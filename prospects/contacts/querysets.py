from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from core.caller_facts import fact
from core.models import LiveManager, TenantManager, TenantQuerySet
from core.rights import ALL_PROSPECTS


class ContactQuerySet(TenantQuerySet):
    """People, with a card or without."""

    def _cards(self) -> Any:
        return self.model._meta.get_field("prospect").related_model

    def visible_to(
        self, user: Any, *, are_few: bool = False, are_many: bool = False
    ) -> ContactQuerySet:
        """The people that a user may see: the one predicate of every door.

        With a card they follow the card. Without one they are seen by their owner, their creator
        and whoever has `all-prospects`.

        :param are_few: they are looked up by their ids; the same rows either way. Each is asked
            then whose it is, as in a large book (Prospect.objects.of_seller), instead of
            collecting the ids of all whom the user sees.
        :param are_many: they are counted (of_living_cards); only of those that are not deleted.
        """
        cards = self._cards()
        if user.has_perm(ALL_PROSPECTS):
            return self.of_living_cards(are_many=are_many)
        alone, mine = Q(prospect__isnull=True), Q(owner_id=user.pk) | Q(created_by_id=user.pk)
        if are_few or fact(user, "has_large_book"):
            seen = cards.objects.of_seller(user.tenant_id, user.pk, is_large=True)
            return self.filter(alone & mine | Exists(seen.filter(pk=OuterRef("prospect"))))
        return self.filter(pk__in=self._of_small_book(user))

    def of_living_cards(self, *, are_many: bool = False) -> ContactQuerySet:
        """Those on no card, or on one that is not deleted.

        :param are_many: whether very many are counted. Who is still on a deleted card, hardly
            anybody, is left out by their own ids then, so that an index alone can answer.
        """
        gone = self._cards().all_objects.filter(deleted_at__isnull=False).values("pk")
        if not are_many:
            return self.exclude(prospect__in=gone)
        people: Any = self.model
        return self.exclude(pk__in=people.objects.filter(prospect__in=gone).values("pk"))

    def _of_small_book(self, user: Any) -> Any:
        """The ids of a seller's people: a UNION, each arm an index look-up."""
        people: Any = self.model
        people = people.all_objects
        seen = self._cards().objects.of_seller(user.tenant_id, user.pk, is_large=False)
        of_cards = people.filter(prospect__in=seen.values("pk"))
        alone = people.filter(prospect__isnull=True)
        owned, created = alone.filter(owner_id=user.pk), alone.filter(created_by_id=user.pk)
        return of_cards.values("pk").union(owned.values("pk"), created.values("pk"))

    def search(self, pattern: str | None) -> ContactQuerySet:
        """Those whose names, emails, phones or company hold what is looked for.

        A person who is the only one on a card has no search text: the card's says it all, so that
        imports pay for one trigram index and not for two. What this queryset was narrowed to before
        stands in each arm: a seller's few people are looked through one by one.

        :param pattern: as `search_pattern` makes it; None finds nobody.
        """
        if pattern is None:
            return self.none()
        cards, among = self._cards().objects, self.order_by()
        by_text = among.filter(search_text__gt="", search_text__like=pattern).values("pk")
        by_card = among.filter(
            search_text="", prospect__in=cards.filter(search_text__like=pattern).values("pk")
        )
        people: Any = self.model._default_manager.order_by(*self.query.order_by)
        return people.filter(pk__in=by_text.union(by_card.values("pk"), all=True))

    def owned_by(self, *user_ids: int) -> ContactQuerySet:
        """Those whose owner one of these is: their own or, where they have none, their card's."""
        people, cards = self.model._default_manager, self._cards().objects
        own = people.filter(owner_id__in=user_ids).values("pk")
        of_cards = people.filter(
            owner__isnull=True, prospect__in=cards.filter(owner_id__in=user_ids).values("pk")
        )
        return self.filter(pk__in=own.union(of_cards.values("pk")))

    def with_email(self, emails: list[str]) -> ContactQuerySet:
        """Those who have one of these addresses, as their first or a further one."""
        people = self.model._default_manager
        first = people.filter(email__in=emails, email__gt="").values("pk")
        further = people.exclude(more_emails=[]).filter(more_emails__overlap=emails).values("pk")
        return self.filter(pk__in=first.union(further))

    def primary_first(self) -> ContactQuerySet:
        """As a card lists its people."""
        return self.order_by("-is_primary", "pk")


ContactManager = LiveManager.from_queryset(ContactQuerySet)
AllContactsManager = TenantManager.from_queryset(ContactQuerySet)
