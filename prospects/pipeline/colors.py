"""A category's name beside its colour."""

from __future__ import annotations

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.back_office_pictures import color_dot
from prospects.pipeline.models import FollowUpCategory

COLOR = re.compile(r"\A#[0-9a-fA-F]{6}\Z")
NEUTRAL = "#6B7280"


def color_label(category: FollowUpCategory) -> SafeString:
    """The label with a dot in the category's colour; the text itself stays readable on any."""
    color = category.color if COLOR.match(category.color) else NEUTRAL
    return format_html(
        '<span class="inline-flex items-center gap-2 whitespace-nowrap">{}{}</span>',
        color_dot(color),
        str(category),
    )
