from accounts.sessions.models import Session
from accounts.tenants.models import Tenant
from accounts.users.models import User

__all__ = ["Session", "Tenant", "User"]
