"""What the back office's site has beyond the apps' own pages."""

from typing import Any

from django.contrib import admin

from crm_project.back_office.tenant_choice import urls

site: Any = admin.site
site.extra_urls = urls  # django-unfold's hook for pages of a site
site.login_template = "crm_project/login.html"
