"""What django-unfold writes with styles in the page, written without: the policy applies none."""

from __future__ import annotations

import json
from typing import Any

import unfold.fields
from django.utils.html import format_html


def keep_to_policy(site: Any) -> None:
    """Take the styles out of the pages of a site; colours are in back_office/colors.css."""
    site._get_colors = lambda key, request: {}
    unfold.fields.prettify_json = shown_json


def shown_json(value: Any, encoder: Any) -> str:
    """What a JSON field holds, as it is read best."""
    text = json.dumps(value, sort_keys=True, indent=4, cls=encoder, ensure_ascii=False)
    return format_html('<pre class="shown-json">{}</pre>', text)
