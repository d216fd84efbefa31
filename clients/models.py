from clients.companies.models import Company
from clients.deleted.models import DeletedCompany
from clients.duplicates.models import DistinctCards
from clients.integrations.models import Integration
from clients.merging.models import CardMerge, MovedRows
from clients.onboarding.models import Onboarding
from clients.operations.models import AccountPayment, MonthlyTier, Shipment

__all__ = [
    "AccountPayment",
    "CardMerge",
    "Company",
    "DeletedCompany",
    "DistinctCards",
    "Integration",
    "MonthlyTier",
    "MovedRows",
    "Onboarding",
    "Shipment",
]
