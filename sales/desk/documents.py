"""The admin that quotes, invoices and contracts share."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import TextField
from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.tenants.currency import own_currency
from core.back_office import BackOfficeAdmin, short_day
from core.back_office_many import ManyRows
from core.errors import DomainError
from core.tenancy import current_tenant
from prospects.contacts.models import Contact
from prospects.pipeline.searching import search_pattern
from sales.desk.one import OneDocument
from sales.desk.tables import mails_table
from sales.desk.wording import COLORS, shown_state, worded
from sales.documents.sheets import amount_text
from sales.documents.states import Move, WrongState

KNOWN = ("state_today", "created", "sent")
ROOMY = {TextField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 3})}}
LARGEST_NUMBER = 2**31 - 1


def on_one_line(text: str) -> SafeString:
    """A text that a narrow column does not break."""
    return format_html('<span class="whitespace-nowrap">{}</span>', text)


def day_column(name: str, description: Any) -> Any:
    """A column of days, as a list has room for them."""

    @display(description=description, ordering=name)
    def column(self: Any, document: Any) -> str:
        day = getattr(document, name)
        return date_format(day, "SHORT_DATE_FORMAT") if day else "-"

    return column


class StateFilter(SimpleListFilter):
    """By the state that documents have today."""

    title = _("status")
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return model_admin.model.Status.choices

    def queryset(self, request: Any, queryset: Any) -> Any:
        state = self.value()
        if state not in queryset.model.Status.values:
            return queryset
        return queryset.in_state(state, timezone.localdate())


class DocumentAdmin(OneDocument, ManyRows, BackOfficeAdmin):
    """The documents of a kind that a user sees. Subclasses declare fields and services."""

    FIELDS: ClassVar[Any]
    ALWAYS: ClassVar[Collection[str]]  # what may be changed after it was sent, too
    EDIT: ClassVar[Move]
    ANNOTATE: ClassVar[Move]
    CREATE: ClassVar[Any]
    CHANGE: ClassVar[Any]
    DELETE: ClassVar[Any]
    list_select_related: Any = ("contact__prospect", "owner")
    list_fullwidth = True
    ordering = ("-pk",)
    search_fields = ("number",)  # get_search_results looks
    search_help_text = _("Number, person, company, email or phone")
    actions: Any = ("send_selected",)  # all else one at a time: each is looked at before
    autocomplete_fields: Any = ("contact", "deal")
    formfield_overrides: Any = ROOMY

    class Media:
        css = {"all": ("sales/documents.css",)}

    change_form_outer_before_template = "prospects/quick_actions.html"
    change_form_after_template = "sales/document_more.html"

    # Who sees and does what ------------------------------------------------------------------
    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).visible_to(request.user)

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        number = search_term.strip().upper().removeprefix(f"{self.model.KIND}-")
        if number.isascii() and number.isdecimal() and int(number) <= LARGEST_NUMBER:
            return queryset.filter(number=int(number)), False
        pattern = search_pattern(search_term)
        if not pattern:
            return queryset, False
        return queryset.filter(contact__in=Contact.objects.search(pattern).values("pk")), False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_write(request, obj)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_write(request, obj)

    def _may_write(self, request: Any, obj: Any) -> bool:
        if obj is None:
            return True
        known = request.__dict__.setdefault("documents_changeable", {})
        if obj.pk not in known:
            rows = self.model.objects.changeable_by(request.user)
            known[obj.pk] = rows.filter(pk=obj.pk).exists()
        return bool(known[obj.pk])

    def is_open(self, move: Move, obj: Any) -> bool:
        """Whether the state of a document allows this to be typed into its page."""
        return obj is None or obj.state_on(timezone.localdate()) in move.sources

    @admin.action(description=_("Send"), permissions=["change"])
    def send_selected(self, request: Any, documents: Any) -> HttpResponse | None:
        def do(document: Any, given: dict[str, Any]) -> None:
            if not document.contact.email:
                raise DomainError(str(_("Its contact has no email address.")))
            with worded(document):
                self.call(request, self.SEND)(document, given)

        return self.change_many(
            request,
            documents.select_related("contact"),
            do,
            title=_("Send"),
            verb=_("Send"),
            intro=_("Each is mailed to its contact; from now on its content stands."),
        )

    # The form --------------------------------------------------------------------------------
    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        return [(None, {"fields": (*((KNOWN,) if obj else ()), *self.FIELDS)})]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        if self.is_open(self.EDIT, obj):
            return KNOWN if obj else ()
        stays = () if self.is_open(self.ANNOTATE, obj) else self.ALWAYS
        return (*KNOWN, *(n for n in self._typed() if n not in self.ALWAYS or n in stays))

    def _typed(self) -> list[str]:
        """The fields of a draft's form."""
        return [n for row in self.FIELDS for n in ((row,) if isinstance(row, str) else row)]

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        mine = {} if request.user.is_superuser else {"owner": request.user.pk}
        ours = {"currency": own_currency()} if current_tenant() else {}
        return {**mine, **ours, **super().get_changeform_initial_data(request)}

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        context |= self.shown_beside(request, obj)
        if obj is not None:
            context["mails"] = mails_table(obj)
            # In unfold's own place a phone shows them only behind a menu.
            context["quick_actions"] = context.pop("actions_detail", ())
            is_draft = self.is_open(self.EDIT, obj)
            context |= {"show_delete": is_draft, "show_save_and_add_another": is_draft}
            if not self.is_open(self.ANNOTATE, obj):
                context |= {"show_save": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def shown_beside(self, request: Any, document: Any) -> dict[str, Any]:
        """What the page shows beside the form; `document` is None for a new one."""
        return {}

    # What is written -------------------------------------------------------------------------
    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """save_related writes, when the lines are known."""

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        document = form.instance
        given = {"values": form.columns(), "by": request.user, "at": timezone.now()}
        for formset in formsets:
            given["lines"] = formset.lines()
            formset.new_objects = formset.changed_objects = formset.deleted_objects = []
        with worded(document):
            if set(self._typed()) & set(request.POST) - set(form.fields):
                raise WrongState("It was sent while somebody wrote: this is shown, not typed.")
            if change:
                self.CHANGE(**{f"{self.opts.model_name}_id": document.pk}, **given)
            else:
                made = self.CREATE(**given)
                document.pk, document.number = made.pk, made.number

    def delete_model(self, request: Any, obj: Any) -> None:
        with worded(obj):
            self.call(request, self.DELETE)(obj, {})

    def get_deleted_objects(self, objs: Any, request: Any) -> Any:
        """Nothing vanishes with a document: its row stays, so that no number is given twice."""
        return [str(document) for document in objs], {}, set(), []

    # Columns ---------------------------------------------------------------------------------
    @display(description=_("number"), ordering="number")
    def shown_number(self, document: Any) -> str:
        return on_one_line(str(document))

    @display(description=_("contact"))
    def shown_contact(self, document: Any) -> str:
        contact = document.contact
        company = contact.prospect.company_name if contact.prospect else ""
        return " · ".join(dict.fromkeys(text for text in (company, str(contact)) if text))

    @display(description=_("status"), label=COLORS)
    def shown_state(self, document: Any) -> tuple[str, str]:
        return shown_state(document)

    @display(description=_("status"))
    def state_today(self, document: Any) -> str:
        return shown_state(document)[1]

    @display(description=_("total"), ordering="total")
    def shown_total(self, document: Any) -> str:
        total = amount_text(document.total, document.currency)
        return on_one_line(f"{total} {document.currency}")

    @display(description=_("created"), ordering="created_at")
    def created(self, document: Any) -> str:
        return short_day(document.created_at)

    @display(description=_("sent"), ordering="sent_at")
    def sent(self, document: Any) -> str:
        return short_day(document.sent_at)
