from clients.companies.admin import CompanyAdmin
from clients.deleted.admin import DeletedCompanyAdmin
from clients.operations.admin import AccountPaymentAdmin, MonthlyTierAdmin, ShipmentAdmin

__all__ = [
    "AccountPaymentAdmin",
    "CompanyAdmin",
    "DeletedCompanyAdmin",
    "MonthlyTierAdmin",
    "ShipmentAdmin",
]
