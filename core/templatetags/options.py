"""Choices of a drop-down, written at once.

Django renders two templates for each of them, which took more than half of the time of pages with
many; its functions for writing HTML took a third.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def options(widget: dict[str, Any]) -> SafeString:
    """The choices of a select, in their groups."""
    groups = (_grouped(name, choices) for name, choices, _index in widget["optgroups"])
    return mark_safe("\n".join(groups))  # noqa: S308 each part is escaped below


def _grouped(name: Any, choices: Iterable[dict[str, Any]]) -> str:
    rows = "\n".join(map(_written, choices))
    return f'<optgroup label="{_escaped(name)}">{rows}</optgroup>' if name else rows


def _written(choice: dict[str, Any]) -> str:
    attributes = flatatt(choice["attrs"]) if choice["attrs"] else ""
    value, label = _escaped(choice["value"]), _escaped(choice["label"])
    return f'<option value="{value}"{attributes}>{label}</option>'


def _escaped(value: Any) -> str:
    """As Django's `conditional_escape`, without its questions about each argument."""
    if isinstance(value, Promise):
        value = str(value)
    return str(value.__html__()) if hasattr(value, "__html__") else escape(str(value))
