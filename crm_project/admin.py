"""What the back office's site has beyond the apps' own pages."""

from functools import partial
from typing import Any

from django.contrib import admin

from analytics.charts.urls import back_office_urls
from core.back_office_policy import keep_to_policy
from crm_project.back_office import signing_in
from crm_project.back_office.calendar.urls import calendar_urls
from crm_project.back_office.card.pages import card_urls
from crm_project.back_office.finding import search
from crm_project.back_office.shortcuts import shortcuts_urls
from crm_project.back_office.tenant_choice import urls
from prospects.board_page.urls import back_office_urls as prospect_board_urls
from sales.deal_board.urls import back_office_urls as deal_board_urls

site: Any = admin.site
# django-unfold's hook for pages of a site
site.extra_urls = lambda: [
    *urls(),
    *signing_in.urls(),
    *calendar_urls(),
    *card_urls(),
    *shortcuts_urls(),
    *prospect_board_urls(),
    *deal_board_urls(),
    *back_office_urls(),
]
site.search = partial(search, site=site)  # its own keeps what it found, whoever asks next
keep_to_policy(site)
site.index_template = "crm_project/home.html"
site.login = signing_in.sign_in
