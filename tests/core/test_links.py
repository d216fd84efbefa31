from __future__ import annotations

import pytest

from core.links import parse_link
from core.values import InvalidValue


class TestParseLink:
    @pytest.mark.parametrize(
        "text",
        [
            "https://maps.google.com/?q=19.4,-99.1",
            "http://tienda.mx",
            "HTTPS://Tienda.MX/a%20b#c",
            "https://niño.mx/ñ",
            "http://127.0.0.1:8080/x",
        ],
    )
    def test_takes_http_and_https(self, text):
        assert parse_link(f" {text} ", 150) == text

    @pytest.mark.parametrize("blank", [None, "", "  "])
    def test_takes_a_blank_for_none(self, blank):
        assert parse_link(blank, 150) == ""

    @pytest.mark.parametrize(
        "text",
        [
            "javascript:alert(1)",
            "ftp://tienda.mx",
            "tienda.mx",
            "//tienda.mx",
            "https://",
            "https:///path",
            "https://[::1",
            "https://tienda.mx:port",
            "https://tienda.mx/a b",
            "https://tienda.mx/\u202egpj",
            "https://tienda.mx/\x00",
            "https://" + "x" * 150,
            17,
            True,
            ["https://tienda.mx"],
        ],
    )
    def test_refuses_the_rest(self, text):
        with pytest.raises(InvalidValue):
            parse_link(text, 150)
