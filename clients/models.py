from clients.companies.models import Company

__all__ = ["Company"]
