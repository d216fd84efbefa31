"""Names of one company, written in the ways people write them, have one key."""

from __future__ import annotations

import pytest

from prospects.pipeline.keys import LONGEST_KEY, company_key, domain_key


class TestCompanyKey:
    @pytest.mark.parametrize(
        "name",
        [
            "Acme",
            "ACMÉ",
            "  acme  ",
            "Acme, S.A. de C.V.",
            "ACME SA DE CV",
            "Acme S. A. de C. V.",
            "Acme SAPI de CV",
            "Acme S.A.P.I. de C.V.",
            "Acme S.A.B. de C.V.",
            "Acme S. de R.L. de C.V.",
            "Acme S de RL de CV MI",
            "Acme S.A.S. de C.V.",
            "Acme, S.C.",
            "Acme A.C.",
            "Acme y Cía., S.A.",
            "Acme Inc.",
            "Acme, LLC",
            "Acme Corp.",
            "Acme Co., Ltd.",
            "Acme GmbH & Co. KG",
            "Acme Ltda.",
            "Acme B.V.",
            "Acme S.p.A.",
        ],
    )
    def test_is_the_name_without_its_legal_form(self, name):
        assert company_key(name) == "acme"

    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("Sistemas Inca", "sistemas inca"),
            ("La Casa de Inc Ropa", "la casa de inc ropa"),
            ("SA de CV", "sa de cv"),
            ("3M", "3m"),
            ("O'Brien & Sons", "obrien sons"),
            ("株式会社", "株式会社"),
            ("", ""),
            ("...", ""),
        ],
    )
    def test_keeps_the_rest(self, name, key):
        assert company_key(name) == key

    def test_is_never_too_long_for_its_column(self):
        assert len(company_key("ﷺ" * 255)) == LONGEST_KEY


class TestDomainKey:
    @pytest.mark.parametrize(
        "email", ["", "a@gmail.com", "a@hotmail.com.mx", "A@YAHOO.es", "a@live.com", "nonsense"]
    )
    def test_of_free_mail_is_nobodys(self, email):
        assert domain_key(email) == ""

    @pytest.mark.parametrize("email", ["a@acme.mx", "b@ACME.mx", "a@gmail.com@acme.mx"])
    def test_is_the_companys(self, email):
        assert domain_key(email) == "acme.mx"

    def test_of_a_company_that_sounds_like_free_mail_is_its_own(self):
        assert domain_key("a@liveacme.com") == "liveacme.com"
