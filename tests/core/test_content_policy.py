"""Nothing runs in our pages and nobody frames them, whatever somebody smuggles into one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from unfold.settings import CONFIG_DEFAULTS

from tests.staff import signed_in

ROOT = Path(settings.BASE_DIR)
APPS = ("core", "accounts", "prospects", "clients", "sales", "analytics", "crm_project")
# Read by mail programs, which know no style sheets, or pasted into other people's pages.
ELSEWHERE = {"mail.html", "mail_reset.html", "mail_event.html", "mail_document.html", "plain.html"}
IN_PAGE = re.compile(
    r"<style|\sstyle=|\son\w+=[\"']|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE
)
PAGES = ["/admin/login/", "/admin/password_reset/", "/api/docs", "/f/unknown", "/d/unknown"]
DATA = ["/healthz", "/prospects", "/api/v1/contacts", "/nothing", "/api/nothing"]


def parts_of(answer):
    """The policy of an answer, by directive."""
    policy = answer["Content-Security-Policy"]
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";"))


class TestPolicy:
    @pytest.mark.django_db
    def test_of_pages_allows_files_of_ours_only(self):
        for path in PAGES:
            answer = Client().get(path)
            assert answer["Content-Type"].startswith("text/html"), path
            parts = parts_of(answer)
            assert "unsafe" not in answer["Content-Security-Policy"], path
            assert parts["default-src"] == "'none'", path
            assert parts.get("script-src", "'none'") in ("'self'", "'none'"), path
            assert parts["style-src"] == "'self'", path
            assert parts["base-uri"] == "'none'", path
            assert parts["frame-ancestors"] in ("'none'", "'self'"), path
            assert parts["form-action"] == "'self'", path

    @pytest.mark.django_db
    def test_of_data_allows_nothing(self):
        for path in DATA:
            assert set(parts_of(Client().get(path)).values()) == {"'none'"}, path

    def test_of_the_back_office_is_that_of_pages(self, team):
        answer = signed_in(team.mona.user).get("/admin/")
        assert answer.status_code == 200
        assert parts_of(answer) == parts_of(Client().get("/admin/login/"))

    @pytest.mark.django_db
    def test_stands_beside_what_else_browsers_are_told(self):
        answer = Client().get("/admin/login/")
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]


class TestTemplates:
    def test_hold_no_style_and_no_script(self):
        found = {}
        for app in APPS:
            for path in (ROOT / app).rglob("*.html"):
                hits = IN_PAGE.findall(path.read_text())
                if hits and path.name not in ELSEWHERE:
                    found[str(path)] = hits
        assert found == {}

    def test_of_mails_and_snippets_are_what_the_exception_is_for(self):
        names = {path.name for app in APPS for path in (ROOT / app).rglob("*.html")}
        assert names >= ELSEWHERE


class TestColours:
    def test_are_those_of_django_unfold(self):
        """An update that changes a colour is noticed here, not by who looks at the page."""
        css = (ROOT / "core/static/back_office/colors.css").read_text()
        ours = dict(re.findall(r"--color-([\w-]+): ([^;]+);", css))
        theirs = CONFIG_DEFAULTS["COLORS"]
        named = {f"{name}-{weight}" for name, weights in theirs.items() for weight in weights}
        assert set(ours) == named
        assert ours["primary-600"] == theirs["primary"]["600"]
