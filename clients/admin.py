from clients.deleted.admin import DeletedCompanyAdmin
from clients.merging.admin import CardMergeAdmin
from clients.operations.admin import AccountPaymentAdmin, MonthlyTierAdmin, ShipmentAdmin
from clients.overview.admin import CompanyAdmin
from clients.overview.card_admin import CardAdmin

__all__ = [
    "AccountPaymentAdmin",
    "CardAdmin",
    "CardMergeAdmin",
    "CompanyAdmin",
    "DeletedCompanyAdmin",
    "MonthlyTierAdmin",
    "ShipmentAdmin",
]
