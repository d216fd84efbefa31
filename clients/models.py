from clients.companies.models import Company
from clients.deleted.models import DeletedCompany
from clients.integrations.models import Integration
from clients.onboarding.models import Onboarding
from clients.operations.models import AccountPayment, MonthlyTier, Shipment

__all__ = [
    "AccountPayment",
    "Company",
    "DeletedCompany",
    "Integration",
    "MonthlyTier",
    "Onboarding",
    "Shipment",
]
