from clients.companies.models import Company
from clients.integrations.models import Integration
from clients.onboarding.models import Onboarding

__all__ = ["Company", "Integration", "Onboarding"]
