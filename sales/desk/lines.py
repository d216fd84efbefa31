"""The lines of a draft on its page: a table to type into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminTextareaWidget,
)

from core.back_office_choices import row_ids
from sales.documents.lines import MOST_ITEMS, WRITTEN, Line, lines_of
from sales.products.models import Product
from sales.quotes.models import QuoteItem

Products = Mapping[int, Product]
SHOWN = ("product", *WRITTEN[1:])


class ProductWidget(AutocompleteSelect):
    """Looks products up while one types; the one chosen is among those that the page knows."""

    known: Products = {}

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        chosen = [self.known[pk] for pk in row_ids(value) if pk in self.known]
        options = [("", "", False), *((each.pk, str(each), True) for each in chosen)]
        return [
            (None, [self.create_option(name, pk, label, is_on, nth)], nth)
            for nth, (pk, label, is_on) in enumerate(options)
        ]


class ProductField(forms.Field):
    """A product of the tenant, or none; the formset reads those of all lines at once."""

    known: Products = {}

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        found = [pk for pk in row_ids([value]) if pk in self.known]
        if not found:
            raise ValidationError(_("There is no such product."))
        return found[0]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str(data or "")


def _decimal(digits: int, places: int, **limits: Any) -> forms.DecimalField:
    return forms.DecimalField(
        max_digits=digits,
        decimal_places=places,
        widget=UnfoldAdminDecimalFieldWidget,
        **limits,
    )


class LineForm(forms.ModelForm):
    """A line as it is typed. What is left out of a product's line is the product's."""

    product = ProductField(
        label=_("product"),
        required=False,
        widget=ProductWidget(QuoteItem._meta.get_field("product"), admin.site),
    )
    description = forms.CharField(
        label=_("description"),
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 1}),
    )
    quantity = _decimal(14, 4, label=_("quantity"), min_value=Decimal("0.0001"), initial=1)
    unit_price = _decimal(14, 2, label=_("unit price"), min_value=0, required=False)
    discount_percent = _decimal(
        7, 4, label=_("discount (%)"), min_value=0, max_value=100, required=False
    )
    tax_rate = _decimal(7, 4, label=_("tax (%)"), min_value=0, max_value=100, required=False)

    def __init__(self, *args: Any, known: Products, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        product: Any = self.fields["product"]
        product.known = product.widget.known = known

    def clean(self) -> dict[str, Any]:
        sent: dict[str, Any] = super().clean() or self.cleaned_data
        if not sent.get("product"):
            for name in ("description", "unit_price"):
                if name in sent and sent[name] in (None, ""):
                    self.add_error(name, _("Needed where no product is chosen."))
        return sent

    def _post_clean(self) -> None:
        """The service makes the rows."""

    def line(self) -> Line:
        """Return what was sent as a line."""
        values = {name: self.cleaned_data[name] for name in SHOWN}
        return {"product_id": values.pop("product"), **values}


class LineFormSet(forms.BaseInlineFormSet):
    """All lines of a document. They are written anew together, so none of them is a row here."""

    model: Any
    forms: Any
    _should_delete_form: Any
    known_lines: Sequence[Line]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        document = kwargs.get("instance")
        lines = lines_of(document) if document is not None and document.pk else []
        if data is None:
            kwargs["initial"] = [_shown(line) for line in lines]
            self.extra = len(lines) or 1
        kwargs["queryset"] = self.model._default_manager.none()
        super().__init__(data, *args, **kwargs)
        self.form_kwargs["known"] = self._products(lines)
        self.known_lines = lines

    def _products(self, lines: Sequence[Line]) -> Products:
        """What may be chosen among what was sent; the document's own even if they were deleted."""
        sent = {pk for nth in range(MOST_ITEMS) for pk in self._product_ids(nth)}
        own = {line["product_id"] for line in lines if line["product_id"]}
        choosable = Product.all_objects.filter(Q(deleted_at__isnull=True) | Q(pk__in=own))
        return choosable.in_bulk(sent | own) if sent or own else {}

    def _product_ids(self, nth: int) -> list[int]:
        return row_ids([self.data.get(f"{self.prefix}-{nth}-product")]) if self.is_bound else []

    def initial_form_count(self) -> int:
        return 0

    def kept(self) -> dict[int, LineForm]:
        """The lines that are filled in and stay, by their place on the page."""
        return {
            nth: form
            for nth, form in enumerate(self.forms)
            if form.has_changed() and not (self.can_delete and self._should_delete_form(form))
        }

    def lines(self) -> list[Line]:
        """Return what was sent, as lines in their order."""
        return [form.line() for form in self.kept().values()]

    def clean(self) -> None:
        super().clean()
        if not self.kept():
            raise ValidationError(_("At least one line is needed."))


class LineInline(TabularInline):
    """The table of the lines; what each comes to stands beside it while one types."""

    model: Any = QuoteItem
    form = LineForm
    formset = LineFormSet
    fields = (*SHOWN, "shown_total")
    readonly_fields = ("shown_total",)
    max_num = MOST_ITEMS
    verbose_name = _("line")
    verbose_name_plural = _("lines")

    # They are part of the document.
    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return True

    has_change_permission = has_delete_permission = has_view_permission = has_add_permission

    @display(description=_("total"))
    def shown_total(self, item: Any) -> Any:
        return format_html('<output class="doc-line-total" data-line-total>{}</output>', "")


def _shown(line: Line) -> dict[str, Any]:
    """A line as its form shows it: numbers without the zeros behind them."""
    values = {n: _bare(v) if isinstance(v, Decimal) else v for n, v in line.items()}
    return {**values, "product": values.pop("product_id")}


def _bare(number: Decimal) -> str:
    return f"{number.normalize():f}"
