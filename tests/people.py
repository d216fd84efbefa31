"""The people in our tests. Alice owns, Bob is her colleague, Mona manages, Victor only looks."""

from __future__ import annotations

import itertools
from dataclasses import InitVar, dataclass, field
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from accounts.sessions.services import open_session
from accounts.sessions.tokens import TokenPair
from accounts.tenants.models import Tenant
from accounts.tenants.services import create_tenant
from accounts.users.models import User
from accounts.users.services import create_user
from core.tenancy import tenant_scope

PASSWORD = "a long enough secret"
_numbers = itertools.count(1)


@dataclass
class Person:
    """A user and an HTTP client that is signed in as them."""

    user: User
    client: APIClient = field(default_factory=APIClient)
    signed_in_by: InitVar[TokenPair | None] = None

    def __post_init__(self, signed_in_by: TokenPair | None) -> None:
        pair = signed_in_by or open_session(
            user=self.user, user_agent="tests", ip_address="127.0.0.1", at=timezone.now()
        )
        self.refresh = pair.refresh
        self.sign_in_with(pair.access)

    def sign_in_with(self, token: str) -> None:
        """Send this access token from now on."""
        self.token = token
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    @property
    def id(self) -> int:
        return self.user.pk

    def get(self, path: str, params: Any = None, **extra: Any) -> Any:
        return self.client.get(path, params, **extra)

    def post(self, path: str, body: Any = None, **extra: Any) -> Any:
        return self.client.post(path, body, format="json", **extra)

    def patch(self, path: str, body: Any = None, **extra: Any) -> Any:
        return self.client.patch(path, body, format="json", **extra)

    def put(self, path: str, body: Any = None, **extra: Any) -> Any:
        return self.client.put(path, body, format="json", **extra)

    def delete(self, path: str, body: Any = None, **extra: Any) -> Any:
        return self.client.delete(path, body, format="json", **extra)


@dataclass
class Team:
    """A tenant and its people."""

    tenant: Tenant
    ada: Person  # role admin
    mona: Person  # role manager
    alice: Person  # role sales
    bob: Person  # role sales
    victor: Person  # role viewer

    @property
    def everybody(self) -> dict[str, Person]:
        """People by the name of their role (Bob, the second salesperson, as `colleague`)."""
        return {
            "admin": self.ada,
            "manager": self.mona,
            "sales": self.alice,
            "colleague": self.bob,
            "viewer": self.victor,
        }


def make_team(slug: str) -> Team:
    """Create a tenant with one person of each role, and a second salesperson."""
    admin = create_tenant(
        name=slug.title(),
        slug=f"{slug}-{next(_numbers)}",
        admin_name="Ada Admin",
        email=f"ada@{slug}.test",
        password=PASSWORD,
    )
    people = {"ada": Person(admin)}
    for first_name, role in (
        ("Mona", "manager"),
        ("Alice", "sales"),
        ("Bob", "sales"),
        ("Victor", "viewer"),
    ):
        people[first_name.lower()] = Person(add_user(admin.tenant, first_name, slug, role))
    return Team(tenant=admin.tenant, **people)


def add_user(tenant: Tenant, first_name: str, domain: str, role: str) -> User:
    """Add one more user to a tenant."""
    with tenant_scope(tenant.pk):
        return create_user(
            tenant=tenant,
            name=f"{first_name} {role.title()}",
            email=f"{first_name.lower()}@{domain}.test",
            role=role,
            password=PASSWORD,
        )
