from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from accounts.users.models import User
from core.back_office import BackOfficeAdmin, BackOfficeForm
from core.back_office_one import OneRow
from core.links import parse_link
from core.values import InvalidValue
from sales.forms.models import LONGEST_URL, FormField, FormSubmission, FormUser, WebForm
from sales.forms.origins import read_origin
from sales.forms.services import create_form, delete_form, edit_form, renew_key
from sales.forms.snippets import frame_snippet, page_address, plain_snippet, script_snippet

PLAIN = (
    *("name", "is_active", "opens_prospect", "allowed_origins", "intro", "thank_you"),
    *("redirect_url", "honeypot_field", "min_seconds"),
)
FIELD = ("label", "name", "type", "is_required", "options", "position")
MOST_FIELDS = 50


class WebFormForm(BackOfficeForm):
    """A form, and who gets what it brings."""

    users = forms.ModelMultipleChoiceField(
        label=_("Assigned to, in turns"),
        queryset=User.objects.none(),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Without anybody, whoever made the form gets it."),
    )
    allowed_origins = forms.CharField(
        label=_("Allowed sites"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("One on each line, such as https://www.example.com; only their pages send it."),
    )
    redirect_url = forms.CharField(
        label=_("Page to go to afterwards"),
        max_length=LONGEST_URL,
        required=False,
        widget=UnfoldAdminURLInputWidget,
        help_text=_("Instead of the thanks."),
    )

    class Meta:
        model = WebForm
        fields = PLAIN
        widgets = {
            "intro": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
            "thank_you": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "users" not in self.fields:  # who only looks sees them as text
            return
        members = FormUser.objects.filter(form=self.instance.pk).values_list("user_id", flat=True)
        chosen = list(members) if self.instance.pk else []
        people = User.objects.active() | User.objects.filter(pk__in=chosen)
        self.fields["users"].queryset = people.order_by("name", "pk")  # type: ignore[attr-defined]
        self.initial.setdefault("users", chosen)
        self.initial["allowed_origins"] = "\n".join(self.instance.allowed_origins)

    def clean_allowed_origins(self) -> list[str]:
        origins = []
        for line in self.cleaned_data["allowed_origins"].splitlines():
            if line.strip():
                try:
                    origins.append(read_origin(line))
                except InvalidValue:
                    text = _("“%s” is no site, such as https://www.example.com.") % line[:100]
                    raise forms.ValidationError(text) from None
        return list(dict.fromkeys(origins))

    def clean_redirect_url(self) -> str:
        try:
            return parse_link(self.cleaned_data["redirect_url"], LONGEST_URL)
        except InvalidValue:
            text = _("A link begins with http:// or https://.")
            raise forms.ValidationError(text) from None


class FieldForm(BackOfficeForm):
    """A field of a form."""

    options = SimpleArrayField(
        forms.CharField(max_length=200),
        label=_("Choices"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Of a choice, divided by commas."),
    )

    class Meta:
        model = FormField
        fields = FIELD


class FieldInline(TabularInline):
    """What a form asks for, put in order by dragging."""

    model = FormField
    form = FieldForm
    fields = FIELD
    extra = 0
    min_num, max_num = 1, MOST_FIELDS
    ordering = ("position", "pk")
    ordering_field = "position"
    hide_ordering_field = True

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, validate_min=True, **kwargs)


@admin.register(WebForm)
class WebFormAdmin(OneRow, BackOfficeAdmin):
    """Forms for web pages. A new one starts with the usual fields, to be changed on its page."""

    class Media:
        css = {"all": ("sales/form_admin.css",)}

    form = WebFormForm
    list_display = ("name", "is_active", "shown_fields", "last_sent", "opens_cards")
    list_filter = ("is_active",)
    ordering = ("-pk",)
    search_fields = ("name",)
    actions: Any = None
    actions_detail = ("open_page", "new_key")
    fieldsets: Any = (
        (None, {"fields": (("name", "is_active"), "intro", "thank_you", "redirect_url")}),
        (_("What comes of it"), {"fields": ("opens_prospect", "users")}),
        (_("Who may send it"), {"fields": ("allowed_origins", ("honeypot_field", "min_seconds"))}),
    )
    for_pages: Any = (
        _("For your web page"),
        {"fields": ("shown_page", "shown_script", "shown_frame", "shown_plain")},
    )

    def get_queryset(self, request: Any) -> Any:
        sent = FormSubmission.objects.filter(form=OuterRef("pk"), state="accepted")
        newest = sent.order_by("-pk").values("created_at")[:1]
        forms = super().get_queryset(request).prefetch_related("fields", "members__user")
        return forms.annotate(newest=Subquery(newest))

    def get_fieldsets(self, request: Any, obj: WebForm | None = None) -> Any:
        shown = (*self.fieldsets, self.for_pages) if obj else self.fieldsets
        if self.has_change_permission(request, obj):
            return shown
        texts = {"users": "shown_users"}
        return [
            (title, {"fields": [texts.get(name, name) for name in parts["fields"]]})
            for title, parts in shown
        ]

    def get_readonly_fields(self, request: Any, obj: WebForm | None = None) -> Any:
        return (*self.for_pages[1]["fields"], "shown_users")

    def get_inlines(self, request: Any, obj: WebForm | None) -> Any:
        return (FieldInline,) if obj else ()

    # What is written -------------------------------------------------------------------------
    def save_model(self, request: Any, obj: WebForm, form: Any, change: bool) -> None:
        """save_related writes, when the fields are known."""

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        obj = form.instance
        users = form.cleaned_data["users"]
        given: dict[str, Any] = {
            "values": {name: form.cleaned_data[name] for name in PLAIN},
            "user_ids": [user.pk for user in users],
        }
        for formset in formsets:
            given["fields"] = _columns(formset)
            formset.new_objects = formset.changed_objects = formset.deleted_objects = []
        if change:
            edit_form(form_id=obj.pk, **given)
        else:
            obj.pk = create_form(**given, by=request.user).pk

    def response_add(self, request: Any, obj: WebForm, post_url_continue: Any = None) -> Any:
        """Go on with its fields."""
        request.POST = {**request.POST.dict(), "_continue": "1"}
        answer: HttpResponse = super().response_add(request, obj, post_url_continue)
        return answer

    def delete_model(self, request: Any, obj: WebForm) -> None:
        delete_form(form_id=obj.pk, at=timezone.now())

    def get_deleted_objects(self, objs: Any, request: Any) -> Any:
        """Nothing goes with it: what it brought stays."""
        return [str(each) for each in objs], {}, set(), []

    # Buttons ---------------------------------------------------------------------------------
    def has_renew_permission(self, request: Any, object_id: Any = None) -> bool:
        return self.has_change_permission(request)

    @action(
        description=_("Open its page"),
        url_path="page",
        icon="visibility",
        attrs={"target": "_blank"},
    )
    def open_page(self, request: Any, object_id: str) -> HttpResponse:
        form = self.get_object(request, object_id)
        if form is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect(f"/f/{form.api_key}")

    @action(description=_("New key"), url_path="key", icon="key", permissions=["renew"])
    def new_key(self, request: Any, object_id: str) -> HttpResponse:
        def renew(row: WebForm, given: Any) -> None:
            renew_key(form_id=row.pk)

        return self.confirm(
            request,
            object_id,
            renew,
            verb=_("New key"),
            done=_("The form has a new key: change your pages."),
            intro=_("Pages that have the key of now cannot send the form any more."),
        )

    # What is shown ---------------------------------------------------------------------------
    @display(description=_("fields"))
    def shown_fields(self, form: WebForm) -> int:
        return len(form.fields.all())

    @display(description=_("last sent"), ordering="newest")
    def last_sent(self, form: Any) -> str:
        if form.newest is None:
            return "-"
        return date_format(timezone.localtime(form.newest), "SHORT_DATETIME_FORMAT")

    @display(description=_("opens cards"), boolean=True, ordering="opens_prospect")
    def opens_cards(self, form: WebForm) -> bool:
        return form.opens_prospect

    @display(description=_("Assigned to, in turns"))
    def shown_users(self, form: WebForm) -> str:
        return ", ".join(str(member.user) for member in form.members.all()) or "-"

    @display(description=_("Its own page"))
    def shown_page(self, form: WebForm) -> Any:
        address = page_address(form)
        return format_html(
            '<a class="form-address text-primary-600 font-medium" href="{}" target="_blank">{}</a>',
            address,
            address,
        )

    @display(description=_("Script"))
    def shown_script(self, form: WebForm) -> Any:
        return _to_copy(script_snippet(form))

    @display(description=_("Frame"))
    def shown_frame(self, form: WebForm) -> Any:
        return _to_copy(frame_snippet(form))

    @display(description=_("Plain HTML"))
    def shown_plain(self, form: WebForm) -> Any:
        return _to_copy(plain_snippet(form))


def _columns(formset: Any) -> list[dict[str, Any]]:
    """What the page says of the fields that stay, in their order."""
    kept = [each.cleaned_data for each in formset.forms if each.cleaned_data]
    kept = [each for each in kept if not each.get("DELETE")]
    kept.sort(key=lambda each: each["position"] or 0)
    return [{name: each[name] for name in FIELD if name != "position"} for each in kept]


def _to_copy(text: str) -> Any:
    return format_html(
        '<textarea class="form-snippet" readonly rows="{}" spellcheck="false" aria-label="{}">'
        "{}</textarea>",
        min(10, text.count("\n") + 2),
        _("To be pasted into a page"),
        text,
    )
