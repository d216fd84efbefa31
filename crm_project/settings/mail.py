"""How mail leaves, and what the links in it begin with. Unset, it is written to files."""

from __future__ import annotations

from crm_project import env

# Links in mails begin with it: who reads one may come from anywhere.
CRM_PUBLIC_URL = env.text("CRM_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
EMAIL_BACKEND = env.text("CRM_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
# "mailgun" of anymail.backends.mailgun.EmailBackend: whose webhooks are listened to.
_WORDS = EMAIL_BACKEND.split(".")
CRM_MAIL_PROVIDER = _WORDS[2] if EMAIL_BACKEND.startswith("anymail.backends.") else ""
ANYMAIL = {
    "IGNORE_UNSUPPORTED_FEATURES": True,  # what a provider cannot keep beside a mail is left out
    **env.beginning_with("CRM_ANYMAIL_"),
}
EMAIL_HOST = env.text("CRM_EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("CRM_EMAIL_PORT", 25, least=1)
EMAIL_HOST_USER = env.text("CRM_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("CRM_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.boolean("CRM_EMAIL_TLS", False)
EMAIL_USE_SSL = env.boolean("CRM_EMAIL_SSL", False)
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = env.text("CRM_EMAIL_FROM", "CRM <no-reply@localhost>")
