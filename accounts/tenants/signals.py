"""The one thing that `accounts` announces upward."""

from django.dispatch import Signal

# Sent inside the transaction that creates a tenant and inside its scope, with `tenant`. The apps
# above create the tenant's default data on it.
tenant_created = Signal()
