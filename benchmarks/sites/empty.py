"""The product's own settings, with one more view."""

from crm_project.settings.dev import *  # noqa: F403

ROOT_URLCONF = "benchmarks.sites.empty_urls"
