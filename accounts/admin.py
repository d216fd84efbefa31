from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.bulk_jobs.admin import BulkJobAdmin
from accounts.notifications.admin import NotificationAdmin
from accounts.saved_views.admin import SavedViewAdmin
from accounts.sessions.admin import SessionAdmin
from accounts.tenants.admin import TenantAdmin
from accounts.users.admin import UserAdmin
from accounts.webhooks.admin import WebhookDeliveryAdmin, WebhookEndpointAdmin

admin.site.unregister(Group)  # rights come from roles

__all__ = [
    "BulkJobAdmin",
    "NotificationAdmin",
    "SavedViewAdmin",
    "SessionAdmin",
    "TenantAdmin",
    "UserAdmin",
    "WebhookDeliveryAdmin",
    "WebhookEndpointAdmin",
]
