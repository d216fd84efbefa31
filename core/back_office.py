"""The base of the back office: pages about rows of the tenant acted for.

No rule lives here. Querysets, choices and look-ups go through each model's default manager, which
sees one tenant, and through `visible_to(user)` where a model has it; what a service refuses is
shown beside the form that asked for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, checkbox
from unfold.decorators import display

from core.back_office_bar import chosen_columns, parts_of, related_of
from core.back_office_changes import PastOfRow
from core.back_office_choices import SeenChoices, drop_what_is_no_id
from core.back_office_pages import PagedList
from core.back_office_recent import remember_opened
from core.errors import DomainError
from core.moments import parse_when
from core.rights import ALL_PROSPECTS
from core.tenancy import current_tenant, enter_tenant
from core.values import InvalidValue

CHOOSE_TENANT = _("You act for every tenant: choose one first, in the menu at the top left.")


class BackOfficeForm(forms.ModelForm):
    """Knows the row's tenant when it checks constraints, and shows what a service refused."""

    refusal: DomainError | None = None

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            self._check_constraints()
        if self.refusal is not None:
            show_refusal(self, self.refusal)

    def _check_constraints(self) -> None:
        """Django leaves out constraints on columns that the form lacks: the tenant's, above all."""
        row: Any = self.instance
        if hasattr(row, "tenant_id") and row.tenant_id is None:
            row.tenant_id = current_tenant()
        try:
            row.validate_constraints()
        except ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]


def show_refusal(form: forms.BaseForm, refusal: DomainError) -> None:
    """Put what a service refused beside the fields it names, or above the form."""
    named = {name: texts for name, texts in (refusal.fields or {}).items() if name in form.fields}
    for name, texts in named.items():
        form.add_error(name, texts)
    if not named:
        form.add_error(None, refusal.message)


class BackOfficeAdmin(PastOfRow, SeenChoices, ModelAdmin):
    """Lists and forms about the rows of one tenant."""

    form = BackOfficeForm
    is_of_tenant = True  # False: rows that all tenants share, or the tenants themselves
    missed_with_it: tuple[str, ...] = ()  # models whose rows would vanish, and be missed
    list_per_page = 50
    list_max_show_all = 200
    list_filter_submit = True
    show_full_result_count = False
    show_facets = ShowFacets.NEVER  # they count the whole list once for each choice
    warn_unsaved_form = True
    list_before_template = "back_office/list_bar.html"
    has_saved_views = True
    more_columns: tuple[str, ...] = ()  # that a list can show, and does not by itself
    sorts_when_large: tuple[str, ...] = ()  # columns by which an index sorts any number of rows

    class Media:
        css = {"all": ("back_office/lists.css",)}
        js = ("back_office/lists.js",)

    # Which rows ------------------------------------------------------------------------------
    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Find a row. Who acts for everyone acts for the row's tenant from here on."""
        row = super().get_object(request, object_id, from_field)
        if row is not None and self.is_of_tenant and current_tenant() is None:
            enter_tenant(row.tenant_id)
        return row

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return without_icons(super().formfield_for_dbfield(db_field, request, **kwargs))

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": _("Not found")}
        return TemplateResponse(request, "back_office/not_found.html", context, status=404)

    # What is shown ---------------------------------------------------------------------------
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return PagedList

    @display(description=mark_safe(checkbox.render("action_toggle_all", 1)))  # noqa: S308 (of Django)
    def action_checkbox(self, obj: Any) -> str:
        """The box that chooses a row, without a template for each."""
        tick = '<input type="checkbox" name="{}" value="{}" class="{}" aria-label="{}">'
        return format_html(tick, ACTION_CHECKBOX_NAME, obj.pk, checkbox.attrs["class"], obj)

    def known_count(self, request: Any, changelist: Any) -> int | None:
        """How many rows a list has, where that is kept; None: they must be counted."""
        return None

    def columns_offered(self, request: HttpRequest) -> tuple[str, ...]:
        """The columns that a list can show, those first that it shows by itself."""
        return (*super().get_list_display(request), *self.more_columns)  # type: ignore[arg-type]

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = chosen_columns(self, request) or super().get_list_display(request)
        is_mixed = self.is_of_tenant and current_tenant() is None
        return [*shown, "tenant"] if is_mixed else shown

    def get_list_select_related(self, request: HttpRequest) -> Any:
        related = super().get_list_select_related(request)
        more = related_of(self.opts, set(self.more_columns) & set(chosen_columns(self, request)))
        related = [*(related or ()), *more] if more else related
        is_mixed = self.is_of_tenant and current_tenant() is None
        return [*(related or ()), "tenant"] if is_mixed else related

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        drop_what_is_no_id(request, self.opts.pk)
        bar = {"list_parts": parts_of(self, request)}
        return super().changelist_view(request, {**bar, **(extra_context or {})})

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None and request.method == "GET":
            remember_opened(request.user.pk, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def form_page(
        self, request: HttpRequest, form: forms.BaseForm, *, title: Any, **context: Any
    ) -> TemplateResponse:
        """A page with one form of its own; `rows` are the selected rows it is about."""
        shown = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
            "back": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
            **context,
        }
        return TemplateResponse(request, "back_office/form_page.html", shown)

    # What is refused -------------------------------------------------------------------------
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_of_tenant and current_tenant() is None:
            return self.ask_for_tenant(request)
        return super().add_view(request, *args, **kwargs)

    def ask_for_tenant(self, request: HttpRequest) -> HttpResponse:
        """Send an operator who acts for everyone back to the list, saying what is missing."""
        messages.warning(request, CHOOSE_TENANT)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What a link proposes. Its moments are read; what is none is left out."""
        proposed = super().get_changeform_initial_data(request)
        moments = [each for each in self.opts.fields if isinstance(each, models.DateTimeField)]
        for field in moments:
            if field.name in proposed:
                proposed[field.name] = find_moment(proposed[field.name])
        return proposed

    def changeform_view(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form again, as it was typed, when a service refuses what it asks for."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as refusal:
            request.refusal = refusal
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say above the list why a service refuses to delete a row."""
        try:
            return super().delete_view(request, *args, **kwargs)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def get_form(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Refuse rows in use by asking whether, not by listing what may be a million rows."""
        rows = list(objs)
        in_use = [_("%s is in use") % row for row in rows if is_in_use(row, self.missed_with_it)]
        return [str(row) for row in rows], {self.opts.verbose_name_plural: len(rows)}, set(), in_use


class ReadOnlyAdmin(BackOfficeAdmin):
    """Rows that are looked at here and written elsewhere."""

    actions: Any = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OfCardMixin:
    """Rows that hang on a card are seen by whoever sees the card, and vanish with it."""

    model: type[models.Model]

    def get_queryset(self, request: Any) -> Any:
        rows = super().get_queryset(request).exclude(prospect__deleted_at__isnull=False)  # type: ignore[misc]
        if request.user.has_perm(ALL_PROSPECTS):
            return rows
        cards: Any = self.model._meta.get_field("prospect").related_model
        return rows.filter(prospect__in=cards.objects.visible_to(request.user))


def without_icons(field: Any) -> Any:
    """Take from a choice the icons that add, change and delete rows of other lists."""
    if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
        for verb in ("add", "change", "delete", "view"):
            setattr(field.widget, f"can_{verb}_related", False)
    return field


def is_in_use(row: models.Model, missed: Collection[str] = ()) -> bool:
    """Whether a row of another table is protected by this one, or would go with it and be missed.

    :param missed: labels (`app.Model`) of those that would be.
    """
    relations: Any = row._meta.get_fields(include_hidden=True)
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: row.pk}).exists()
        for relation in relations
        if relation.one_to_many
        and (relation.on_delete is models.PROTECT or relation.related_model._meta.label in missed)
    )


def find_moment(text: str) -> datetime | None:
    """The moment in a text, on the clock of whoever looks; None: it is none."""
    try:
        return parse_when(text, timezone.get_current_timezone())
    except InvalidValue:
        return None


def short_day(moment: datetime | None) -> str:
    """The day of a moment for whoever looks, as a list has room for it."""
    if moment is None:
        return "-"
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")


def link_row(links: Iterable[tuple[Any, str]]) -> SafeString:
    """Links beside each other: what each is called, and its address."""
    shown = ((address, capfirst(str(label))) for label, address in links)
    anchor = '<a class="font-medium text-primary-600" href="{}">{}</a>'
    return format_html_join(" · ", anchor, shown)
