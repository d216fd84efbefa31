from sales.activities.admin import ActivityAdmin
from sales.campaigns.admin import CampaignAdmin
from sales.campaigns.recipients import CampaignRecipientAdmin
from sales.campaigns.suppressions import SuppressedAddressAdmin
from sales.deals.admin import DealAdmin
from sales.deleted.admin import (
    DeletedContractAdmin,
    DeletedDealAdmin,
    DeletedInvoiceAdmin,
    DeletedPaymentAdmin,
    DeletedQuoteAdmin,
)
from sales.desk.contracts import ContractAdmin
from sales.desk.invoices import InvoiceAdmin
from sales.desk.payments import PaymentAdmin
from sales.desk.quotes import QuoteAdmin
from sales.event_desk.admin import EventAdmin
from sales.forms.admin import WebFormAdmin
from sales.pipelines.admin import PipelineAdmin
from sales.postal_codes.admin import SettlementAdmin
from sales.products.admin import ProductAdmin, ProductCategoryAdmin
from sales.segment_pages.admin import SegmentAdmin
from sales.submitting.admin import FormSubmissionAdmin

__all__ = [
    "ActivityAdmin",
    "CampaignAdmin",
    "CampaignRecipientAdmin",
    "ContractAdmin",
    "DealAdmin",
    "DeletedContractAdmin",
    "DeletedDealAdmin",
    "DeletedInvoiceAdmin",
    "DeletedPaymentAdmin",
    "DeletedQuoteAdmin",
    "EventAdmin",
    "FormSubmissionAdmin",
    "InvoiceAdmin",
    "PaymentAdmin",
    "PipelineAdmin",
    "ProductAdmin",
    "ProductCategoryAdmin",
    "QuoteAdmin",
    "SegmentAdmin",
    "SettlementAdmin",
    "SuppressedAddressAdmin",
    "WebFormAdmin",
]
