from clients.companies.models import Company
from clients.integrations.models import Integration
from clients.onboarding.models import Onboarding
from clients.operations.models import AccountPayment, MonthlyTier, Shipment

__all__ = ["AccountPayment", "Company", "Integration", "MonthlyTier", "Onboarding", "Shipment"]
