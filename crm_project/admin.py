"""What the back office's site has beyond the apps' own pages."""

from typing import Any

from django.contrib import admin
from django.core.paginator import InvalidPage
from django.http import Http404, HttpResponse

from analytics.charts.urls import back_office_urls
from crm_project.back_office.tenant_choice import urls

site: Any = admin.site


def search(request: Any, _search: Any = site.search) -> HttpResponse:
    """The site's own search, which does not expect a page that there is not."""
    try:
        return _search(request)
    except (ValueError, InvalidPage) as error:
        raise Http404 from error


site.extra_urls = lambda: [*urls(), *back_office_urls()]  # django-unfold's hook for pages of a site
site.search = search
site.index_template = "crm_project/home.html"
site.login_template = "crm_project/login.html"
