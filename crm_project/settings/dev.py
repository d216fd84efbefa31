"""Values for a laptop and for bin/start: everything on loopback."""

from __future__ import annotations

from crm_project.settings.base import *
from crm_project.settings.base import env

ALLOWED_HOSTS = env.words("CRM_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CORS_ALLOWED_ORIGINS = env.words(
    "CRM_CORS_ORIGINS", "http://localhost:5173,http://127.0.0.1:5173,http://localhost:3000"
)
# On a laptop one user may be a benchmark that asks as fast as it can.
CRM_USER_REQUESTS_PER_MINUTE = env.number("CRM_USER_REQUESTS_PER_MINUTE", 600_000)
CRM_TENANT_REQUESTS_PER_MINUTE = env.number("CRM_TENANT_REQUESTS_PER_MINUTE", 600_000)
CRM_ADDRESS_REQUESTS_PER_MINUTE = env.number("CRM_ADDRESS_REQUESTS_PER_MINUTE", 600_000)
