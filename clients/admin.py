from clients.companies.admin import CompanyAdmin

__all__ = ["CompanyAdmin"]
