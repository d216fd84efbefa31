from clients.companies.admin import CompanyAdmin
from clients.operations.admin import AccountPaymentAdmin, MonthlyTierAdmin, ShipmentAdmin

__all__ = ["AccountPaymentAdmin", "CompanyAdmin", "MonthlyTierAdmin", "ShipmentAdmin"]
