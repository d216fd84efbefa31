"""The settings of a server, as Django itself judges them; and what is told of vulnerabilities."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from typing import Any, ClassVar

import pytest

from core.embedded.options import ROOT
from tests import audit
from tests.started import clean_environ

SETTINGS = """
import json
from django.conf import settings
names = ("DEBUG", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
         "SESSION_COOKIE_SAMESITE",
         "CSRF_COOKIE_SECURE", "CSRF_COOKIE_SAMESITE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS",
         "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_CONTENT_TYPE_NOSNIFF", "X_FRAME_OPTIONS",
         "CORS_ALLOWED_ORIGINS", "ALLOWED_HOSTS")
print(json.dumps({name: getattr(settings, name) for name in names}))
for name in ("CORS_ALLOW_ALL_ORIGINS", "CORS_ALLOW_CREDENTIALS"):
    assert not getattr(settings, name, False)
"""


def managed(*words, **environ):
    """A command with the settings of production and nothing else from this machine."""
    given = {
        "DJANGO_SETTINGS_MODULE": "crm_project.settings.production",
        "CRM_SECRET_KEY": secrets.token_urlsafe(64),
        "CRM_ALLOWED_HOSTS": "crm.example",
        "DATABASE_URL": "postgresql://crm@127.0.0.1/crm",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
    }
    line = [sys.executable, str(ROOT / "manage.py"), *words]
    return subprocess.run(
        line,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={key: value for key, value in clean_environ(**(given | environ)).items() if value},
    )


@pytest.mark.slow
class TestProduction:
    def test_passes_the_check_for_deployment(self):
        done = managed("check", "--deploy", "--fail-level", "WARNING")
        assert done.returncode == 0, done.stderr

    def test_is_strict_with_cookies_hosts_and_origins(self):
        done = managed("shell", "-v", "0", "-c", SETTINGS)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout.strip().splitlines()[-1]) == {
            "DEBUG": False,
            "SESSION_COOKIE_NAME": "__Host-sessionid",
            "SESSION_COOKIE_SECURE": True,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "CSRF_COOKIE_SECURE": True,
            "CSRF_COOKIE_SAMESITE": "Lax",
            "SECURE_SSL_REDIRECT": True,
            "SECURE_HSTS_SECONDS": 31_536_000,
            "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
            "SECURE_CONTENT_TYPE_NOSNIFF": True,
            "X_FRAME_OPTIONS": "DENY",
            "CORS_ALLOWED_ORIGINS": [],
            "ALLOWED_HOSTS": ["crm.example"],
        }

    @pytest.mark.parametrize("name", ["CRM_SECRET_KEY", "CRM_ALLOWED_HOSTS"])
    def test_does_not_start_without(self, name):
        done = managed("check", **{name: ""})
        assert done.returncode != 0
        assert f"{name} must be set" in done.stderr


class TestAudit:
    FOUND: ClassVar[Any] = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["3"]}
    REPORT = json.dumps(
        {
            "dependencies": [
                {"name": "a", "version": "1", "vulns": []},
                {"name": "b", "version": "2", "vulns": [FOUND]},
                {"name": "c", "skip_reason": "not found"},
            ]
        }
    )

    def test_names_what_is_found(self):
        report = audit.read(self.REPORT)
        assert report is not None
        assert audit.findings(report) == ["b 2: PYSEC-1, mended in 3"]

    def test_leaves_out_what_is_known(self, monkeypatch):
        monkeypatch.setattr(audit, "KNOWN", {"CVE-1": "not used so"})
        assert audit.findings(json.loads(self.REPORT)) == []

    @pytest.mark.parametrize("output", ["", "Traceback", "[]", "{}"])
    def test_takes_no_answer_for_no_finding(self, output):
        assert audit.read(output) is None

    @pytest.mark.parametrize(("output", "status"), [(REPORT, 1), ("", 0)])
    def test_fails_for_a_finding_and_for_nothing_else(self, monkeypatch, capsys, output, status):
        told = f"import sys; sys.stdout.write({output!r}); sys.exit(1)"
        monkeypatch.setattr(audit, "COMMAND", [sys.executable, "-c", told])
        assert audit.main() == status
        assert capsys.readouterr().out
