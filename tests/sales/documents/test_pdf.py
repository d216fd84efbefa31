"""`GET …/pdf`: documents as they are printed."""

from __future__ import annotations

import hashlib
import re
import zlib
from base64 import a85decode

import pytest

from accounts.tenants.models import Tenant
from sales.documents.fonts import PLAIN, in_font
from sales.documents.pdf import render_pdf
from sales.documents.sheets import Sheet
from tests.sales.documents.documents_of import (
    CONTRACTS,
    HOURS,
    INVOICES,
    QUOTES,
    contract,
    done,
    invoice,
    made,
    pay,
    quote,
    sent_invoice,
)

HOSTILE = "<b>bold</b> <script>alert(1)</script> {{ 7 * 7 }} {% now 'Y' %} &amp;"

SIXTY_LINES = "".join(f"a{nth}\n" for nth in range(60))


def text_of(pdf: bytes) -> str:
    """The words of a PDF as our library writes them."""
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            page = zlib.decompress(a85decode(packed.strip().removesuffix(b"~>")))
        except (ValueError, zlib.error):
            continue  # a picture
        for piece in re.findall(rb"\(((?:\\.|[^\\)])*)\) Tj", page):
            octal = re.sub(rb"\\(\d{3})", lambda code: bytes([int(code[1], 8)]), piece)
            found.append(re.sub(rb"\\(.)", rb"\1", octal).decode("cp1252"))
    return " ".join(found)


def pdf(person, url):
    answer = person.get(f"{url}/pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    return answer.content


class TestDocument:
    def test_says_who_what_and_how_much_in_the_tenants_language(self, team):
        Tenant.objects.filter(pk=team.tenant.pk).update(tax_id="ACM850101ABC", address="Calle 1")
        offer = quote(team.alice, title="Propuesta Ñandú", terms="30 días")
        text = text_of(pdf(team.alice, f"{QUOTES}/{offer['id']}"))
        for words in ("Acme", "ACM850101ABC", "Calle 1", "Cotización", "COT-000001", "Ñandú"):
            assert words in text
        for words in ("Consultoria", "28,800.00", "208,800.00", "30 días", "Página 1 de 1"):
            assert words in text

    def test_is_english_where_the_tenant_is(self, team):
        Tenant.objects.filter(pk=team.tenant.pk).update(language="en")
        text = text_of(pdf(team.mona, f"{INVOICES}/{invoice(team.mona)['id']}"))
        assert "Invoice" in text
        assert "Page 1 of 1" in text

    def test_shows_what_was_paid(self, team):
        bill = sent_invoice(team.mona)
        made(pay(team.mona, bill["id"], 800))
        text = text_of(pdf(team.mona, f"{INVOICES}/{bill['id']}"))
        assert "208,000.00" in text

    def test_goes_over_several_pages_with_its_heading_on_each(self, team):
        bill = invoice(team.mona, items=[HOURS] * 90)
        text = text_of(pdf(team.mona, f"{INVOICES}/{bill['id']}"))
        assert "Página 3 de 3" in text
        assert text.count("Precio unitario") == 3

    def test_shows_markup_and_templates_as_text(self, team):
        offer = quote(team.alice, title=HOSTILE, items=[{**HOURS, "description": HOSTILE}])
        text = text_of(pdf(team.alice, f"{QUOTES}/{offer['id']}")).replace(" ", "")
        for words in ("<b>bold</b>", "<script>alert(1)</script>", "{{", "{%", "&amp;"):
            assert text.count(words) == 2
        assert "49" not in text

    @pytest.mark.parametrize("title", ["漢字 \u202e ok", "x" * 255, "a\nb\tc"])
    def test_is_made_of_whatever_people_type(self, team, title):
        pdf(team.alice, f"{QUOTES}/{quote(team.alice, title=title)['id']}")

    @pytest.mark.parametrize("typed", [SIXTY_LINES, "W" * 994])
    def test_goes_on_on_the_next_page_where_a_row_is_taller_than_one(self, team, typed):
        long = {"notes": f"{typed}notes", "terms": f"{typed}terms"}
        address = f"{typed[:480]}address"
        Tenant.objects.filter(pk=team.tenant.pk).update(address=f"{typed[:480]}sender")
        items = [HOURS, {**HOURS, "description": f"{typed}lines"}, HOURS]
        title = f"{typed[:240]}title"
        offer = quote(team.alice, title=title, items=items, billing_address=address, **long)
        text = text_of(pdf(team.alice, f"{QUOTES}/{offer['id']}"))
        for words in (*long, "address", "sender", "lines", "title"):
            assert words in text.replace(" ", "")  # a word longer than a line is broken
        if typed == SIXTY_LINES:
            assert {text.split().count(line) for line in typed.split()} == {6}
        assert text.count("Consultoria") == 2

    def test_of_a_contract_goes_on_with_its_signature(self, team):
        url = f"{CONTRACTS}/{contract(team.mona, type='a' + chr(10) * 48 + 'z')['id']}"
        signer = {"client_name": "a\n" * 120 + "Maria", "company_name": "b\n" * 120 + "Client"}
        done(team.mona.post(f"{url}/sign", signer))
        text = text_of(pdf(team.mona, url))
        assert "Maria" in text
        assert "Client" in text


class TestSignedContract:
    def test_shows_the_evidence_and_never_changes(self, team):
        agreed = contract(team.mona)
        url = f"{CONTRACTS}/{agreed['id']}"
        before = pdf(team.mona, url)
        signed = done(team.mona.post(f"{url}/sign", {"client_name": "Maria Garcia"}))
        kept = pdf(team.mona, url)
        evidence = signed["signature"]
        assert evidence["content_sha256"] == hashlib.sha256(before).hexdigest()
        assert evidence["sha256"] == hashlib.sha256(kept).hexdigest()
        text = text_of(kept)
        for words in ("Maria Garcia", "127.0.0.1", evidence["content_sha256"]):
            assert words in text
        Tenant.objects.filter(pk=team.tenant.pk).update(name="Another", language="en")
        done(team.mona.put(url, {"notes": "Later"}))
        assert pdf(team.mona, url) == kept


class TestRenderer:
    def test_makes_the_same_bytes_of_the_same_sheet(self):
        sheet = Sheet(kind="Quote", number="COT-1", sender=["Us"], receiver=["You"], facts=[])
        assert render_pdf(sheet) == render_pdf(sheet)

    @pytest.mark.parametrize(
        "title",
        ["Zażółć gęślą jaźń", "Žluťoučký kůň", "Ξεσκεπάζω", "Съешь же ещё, їжак", "Ő Ű ş ğ"],
    )
    def test_carries_the_letters_that_its_own_fonts_lack(self, title):
        sheet = Sheet(kind="Quote", number="COT-1", sender=["Us"], receiver=[title], facts=[])
        printed = render_pdf(sheet)
        assert b"FontFile2" in printed
        assert render_pdf(sheet) == printed
        assert in_font(title, PLAIN)[0] == title

    def test_asks_about_letters_that_no_font_has(self):
        assert in_font("😀 ok ż", PLAIN) == ("? ok ż", "FiraSans-Regular")

    @pytest.mark.parametrize(
        ("name", "font"),
        [
            ("深圳市华强贸易有限公司", "STSong-Light"),
            ("株式会社さくら", "HeiseiMin-W3"),
            ("삼성전자 주식회사", "HYSMyeongJo-Medium"),
        ],
    )
    def test_prints_eastern_names_in_a_font_of_the_readers(self, name, font):
        sheet = Sheet(kind="Quote", number="1", sender=["Us"], receiver=[name * 30], facts=[])
        printed = render_pdf(sheet)
        assert f"/BaseFont /{font}".encode() in printed
        assert in_font(f"{name} 😀", PLAIN) == (f"{name} ?", font)
        assert printed.count(b"/Type /Page\n") == 1  # broken into lines, not off the paper

    def test_carries_no_font_for_what_western_europe_writes(self):
        sheet = Sheet(kind="Quote", number="1", sender=["Ñandú €"], receiver=["Ü"], facts=[])
        assert b"FontFile2" not in render_pdf(sheet)
