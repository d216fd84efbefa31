"""docs/security.md names tests and settings that exist."""

from __future__ import annotations

import re

from django.conf import settings

from core.embedded.options import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()


class TestSecurityPage:
    def test_names_tests_that_exist(self):
        missing = set()
        for path, name in re.findall(r"`(tests/[\w/.]+?)(?:::(\w+))?`", PAGE):
            place = ROOT / path
            is_there = place.exists() and (not name or f"class {name}" in place.read_text())
            if not is_there:
                missing.add(f"{path}::{name}")
        assert missing == set()

    def test_names_settings_that_exist(self):
        sources = "".join(path.read_text() for path in (ROOT / "crm_project/settings").glob("*.py"))
        named = set(re.findall(r"\bCRM_[A-Z_]+\b", PAGE))
        assert {each for each in named if f'"{each}"' not in sources} == set()
        assert settings.CRM_USER_REQUESTS_PER_MINUTE == 3_000
