from accounts.bulk_jobs.models import BulkChunk, BulkJob
from accounts.notifications.models import Notification
from accounts.passwords.models import PasswordLink
from accounts.pictures.models import Picture
from accounts.saved_views.models import SavedView
from accounts.sessions.models import Session
from accounts.tenants.models import Tenant
from accounts.two_factor.models import TwoFactor
from accounts.users.models import User
from accounts.webhooks.models import WebhookDelivery, WebhookEndpoint

__all__ = [
    "BulkChunk",
    "BulkJob",
    "Notification",
    "PasswordLink",
    "Picture",
    "SavedView",
    "Session",
    "Tenant",
    "TwoFactor",
    "User",
    "WebhookDelivery",
    "WebhookEndpoint",
]
