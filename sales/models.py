from sales.activities.models import Activity
from sales.contracts.models import Contract, Signature
from sales.deals.models import Deal, DealContact, StageStay
from sales.deleted.models import (
    DeletedContract,
    DeletedDeal,
    DeletedInvoice,
    DeletedPayment,
    DeletedQuote,
)
from sales.documents.models import DocumentCounter
from sales.events.models import Attendee, Event
from sales.forms.models import FormField, FormSubmission, FormUser, WebForm
from sales.invitations.models import EventMail
from sales.invoices.models import Invoice, InvoiceItem
from sales.mailing.models import DocumentMail
from sales.mass_mail.models import Campaign, CampaignRecipient
from sales.mass_mail.pacing import MailPace
from sales.mass_mail.suppressed import SuppressedAddress
from sales.payments.models import Payment
from sales.payments.refunds import Refund
from sales.pipelines.models import Pipeline, Stage
from sales.portal.models import ClientAct
from sales.postal_codes.models import Settlement
from sales.products.models import Product, ProductCategory, ProductImage
from sales.quotes.models import Quote, QuoteItem
from sales.segments.models import Segment, SegmentMember

__all__ = [
    "Activity",
    "Attendee",
    "Campaign",
    "CampaignRecipient",
    "ClientAct",
    "Contract",
    "Deal",
    "DealContact",
    "DeletedContract",
    "DeletedDeal",
    "DeletedInvoice",
    "DeletedPayment",
    "DeletedQuote",
    "DocumentCounter",
    "DocumentMail",
    "Event",
    "EventMail",
    "FormField",
    "FormSubmission",
    "FormUser",
    "Invoice",
    "InvoiceItem",
    "MailPace",
    "Payment",
    "Pipeline",
    "Product",
    "ProductCategory",
    "ProductImage",
    "Quote",
    "QuoteItem",
    "Refund",
    "Segment",
    "SegmentMember",
    "Settlement",
    "Signature",
    "Stage",
    "StageStay",
    "SuppressedAddress",
    "WebForm",
]
