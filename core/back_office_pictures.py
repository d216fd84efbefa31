"""A picture in a form of the back office: shown, replaced, taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldBooleanSwitchWidget

from core.back_office import BackOfficeForm
from core.pictures import MOST_BYTES, read_picture
from core.values import InvalidValue

PICTURE_FIELDS = ("new_picture", "without_picture")


class PictureForm(BackOfficeForm):
    """A form about a row that has a picture."""

    new_picture = forms.FileField(
        label=_("New picture"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": "image/*"}),
    )
    without_picture = forms.BooleanField(
        label=_("Take the picture away"), required=False, widget=UnfoldBooleanSwitchWidget
    )

    def clean_new_picture(self) -> bytes | None:
        sent = self.cleaned_data["new_picture"]
        if not sent:
            return None
        content: bytes = sent.read(MOST_BYTES + 1)  # no more than tells that it is too much
        try:
            read_picture(content)
        except InvalidValue as error:
            text = _("This is no picture: PNG, JPEG, WebP or GIF of at most 5 MB.")
            raise forms.ValidationError(text) from error
        return content

    def change_picture(self, change: Callable[[bytes | None], None]) -> None:
        """Call `change` with the picture that was sent, or with None to take it away."""
        if self.cleaned_data.get("new_picture"):
            change(self.cleaned_data["new_picture"])
        elif self.cleaned_data.get("without_picture"):
            change(None)


def shown_picture(address: str | None) -> Any:
    """A picture as pages of the back office show it."""
    if not address:
        return "-"
    return format_html('<img alt="" class="shown-picture" src="{}">', address)


def color_dot(color: str) -> Any:
    """A dot in this colour. Not by a `style`: the pages' policy applies none."""
    return format_html(
        '<svg class="shrink-0" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">'
        '<circle cx="5" cy="5" r="5" fill="{}"></circle></svg>',
        color,
    )
