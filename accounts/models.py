from accounts.notifications.models import Notification
from accounts.sessions.models import Session
from accounts.tenants.models import Tenant
from accounts.users.models import User
from accounts.webhooks.models import WebhookDelivery, WebhookEndpoint

__all__ = ["Notification", "Session", "Tenant", "User", "WebhookDelivery", "WebhookEndpoint"]
