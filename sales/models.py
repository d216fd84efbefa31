from sales.activities.models import Activity
from sales.contracts.models import Contract, Signature
from sales.deals.models import Deal, DealContact, StageStay
from sales.deleted.models import DeletedDeal
from sales.documents.models import DocumentCounter
from sales.invoices.models import Invoice, InvoiceItem
from sales.payments.models import Payment
from sales.pipelines.models import Pipeline, Stage
from sales.products.models import Product, ProductCategory, ProductImage
from sales.quotes.models import Quote, QuoteItem

__all__ = [
    "Activity",
    "Contract",
    "Deal",
    "DealContact",
    "DeletedDeal",
    "DocumentCounter",
    "Invoice",
    "InvoiceItem",
    "Payment",
    "Pipeline",
    "Product",
    "ProductCategory",
    "ProductImage",
    "Quote",
    "QuoteItem",
    "Signature",
    "Stage",
    "StageStay",
]
