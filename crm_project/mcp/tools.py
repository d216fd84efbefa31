"""What a tool is: its words, its shapes, whom it is for, and what it may do to the world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, get_type_hints

import mcp_types as types
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import GenerateJsonSchema

from accounts.users.models import User
from crm_project.mcp.asking import Route, ask
from crm_project.mcp.visits import Visit


class Arguments(BaseModel):
    """What is sent to a tool. Types only: what values are good, the API says."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Repeatable(Arguments):
    """Something that makes a row."""

    idempotency_key: str | None = Field(
        None,
        description="A key of your own. The same call with the same key within 24 hours is "
        "answered as the first one was and does nothing.",
    )


class Rehearsable(Arguments):
    """Something that leaves the house or cannot be taken back."""

    dry_run: bool = Field(
        False, description="Do nothing; answer what would change and who would get mail."
    )


APART = ("idempotency_key", "dry_run")


class Result(NamedTuple):
    """What a tool answers: for programs, and in a few words."""

    structured: dict[str, Any]
    text: str


@dataclass(frozen=True)
class Effect:
    """What a tool does to the world, as clients are told."""

    is_read_only: bool = False
    is_destructive: bool = False
    is_idempotent: bool = False
    is_open_world: bool = False

    @property
    def is_guarded(self) -> bool:
        """Whether a tenant may want no agent to do it."""
        return self.is_destructive or self.is_open_world


READS = Effect(is_read_only=True, is_idempotent=True)
ADDS = Effect()
CHANGES = Effect(is_idempotent=True)
DECIDES = Effect(is_destructive=True)
SENDS = Effect(is_destructive=True, is_open_world=True)
DELETES = Effect(is_destructive=True, is_idempotent=True)


@dataclass(frozen=True)
class Tool:
    """A task that agents are given."""

    name: str
    title: str
    description: str
    takes: type[Arguments]
    answers: type[BaseModel]
    does: Callable[[Visit, Any], Result]
    routes: tuple[Route, ...]
    effect: Effect

    def is_for(self, user: User | None) -> bool:
        """Whether a caller's rights allow it: those that the views behind it ask for."""
        for route in self.routes:
            needed = route.needs()
            if needed is None:
                continue
            if user is None or not user.has_perms(needed):
                return False
        return True

    def is_shown_to(self, user: User | None) -> bool:
        """Whether it is listed for a caller; what their tenant wants no agent to do is not."""
        return self.is_for(user) and not self.is_barred_for(user)

    def is_barred_for(self, user: User | None) -> bool:
        """Whether the caller's tenant wants no agent to do it."""
        if not self.effect.is_guarded or user is None or user.tenant is None:
            return False
        return not user.tenant.agents_may_send

    @cached_property
    def listed(self) -> types.Tool:
        """The tool as clients are shown it."""
        effect = self.effect
        return types.Tool(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=_schema(self.takes, "validation"),
            output_schema=_schema(self.answers, "serialization"),
            annotations=types.ToolAnnotations(
                title=self.title,
                read_only_hint=effect.is_read_only,
                destructive_hint=effect.is_destructive,
                idempotent_hint=effect.is_idempotent,
                open_world_hint=effect.is_open_world,
            ),
        )


class _PlainSchema(GenerateJsonSchema):
    """Without a title for each field: they say the names again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _schema(model: type[BaseModel], mode: Any) -> dict[str, Any]:
    schema = model.model_json_schema(mode=mode, schema_generator=_PlainSchema)
    schema.pop("description", None)
    return schema


TOOLS: dict[str, Tool] = {}


def tool(
    *routes: Route, title: str, answers: type[BaseModel], effect: Effect
) -> Callable[[Callable[[Visit, Any], Result]], Callable[[Visit, Any], Result]]:
    """Declare a tool: its name is the function's, its description the function's docstring, its
    arguments are those of the function's parameter `sent`."""

    def declare(does: Callable[[Visit, Any], Result]) -> Callable[[Visit, Any], Result]:
        takes = get_type_hints(does)["sent"]
        if effect.is_guarded != issubclass(takes, Rehearsable):
            raise TypeError(f"{does.__name__}: what is guarded, and only that, is rehearsed")
        words = " ".join((does.__doc__ or "").split())
        TOOLS[does.__name__] = Tool(
            does.__name__, title, words, takes, answers, does, routes, effect
        )
        return does

    return declare


def shown_tools(user: User | None) -> list[Tool]:
    """The tools that a caller may use, in the order in which they are declared."""
    return [each for each in TOOLS.values() if each.is_shown_to(user)]


def next_tools(user: User | None, names: Iterable[str]) -> list[str]:
    """Those of some tools that a caller may use."""
    return [name for name in names if TOOLS[name].is_shown_to(user)]


def asked(visit: Visit, route: Route, sent: Arguments, **more: Any) -> dict[str, Any]:
    """Ask the API with what was sent to a tool."""
    values: Mapping[str, Any] = sent.model_dump(mode="json", exclude_unset=True)
    body = {name: value for name, value in values.items() if name not in APART}
    return ask(visit, route, {**body, **more}, key=values.get("idempotency_key"))
