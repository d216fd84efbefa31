"""What stands in the mails: each person's own, and nothing that they could have smuggled in."""

from __future__ import annotations

import pytest

from accounts.models import Tenant, User
from core.tenancy import tenant_scope
from sales.mass_mail.plain import text_of
from tests.clients.clients_of import client
from tests.sales.campaigns.campaigns_of import (
    act,
    campaign,
    html_of,
    links_in,
    people,
    segment,
    sent,
    work,
)

EVIL = "<script>alert(1)</script>\r\nBcc: x@evil.test {{ email }} {% now 'Y' %}"


def mailed(team, content, contacts=None, **fields):
    """The mail that the first of some contacts gets."""
    contacts = contacts or people(team, "maria@x.mx")
    pk = campaign(team.mona, content=content, segment_id=segment(team, contacts).pk, **fields)["id"]
    act(team.mona, pk, "send")
    return work(team)[0]


class TestPlaceholder:
    def test_is_what_is_known_of_each(self, team):
        mona = people(team, "m@x.mx", position="CEO", city="León")
        card = client(team, owner=team.mona, company_name="Café & Té")
        with tenant_scope(team.tenant.pk):
            mona[0].prospect_id = card.prospect_id if hasattr(card, "prospect_id") else card.pk
            mona[0].save()
        content = "{{name}}|{{ last_name }}|{{ email }}|{{ company_name }}|{{position}}|{{ city }}"
        letter = mailed(team, content, mona)
        assert "Maria 1 Lopez|Lopez|m@x.mx|Café &amp; Té|CEO|León" in html_of(letter)
        assert "Maria 1 Lopez|Lopez|m@x.mx|Café & Té|CEO|León" in letter.body

    def test_has_a_word_for_those_of_whom_nothing_is_known(self, team):
        nobody = people(team, "m@x.mx", first_name="")
        letter = mailed(team, "Hola {{ first_name|amigo & co }}", nobody, subject="{{ city|aquí }}")
        assert "Hola amigo &amp; co" in html_of(letter)
        assert "Hola amigo & co" in letter.body
        assert letter.subject == "aquí"

    def test_is_escaped_and_never_read_again(self, team):
        evil = people(team, "m@x.mx", first_name=EVIL)
        letter = mailed(team, "Hola {{ first_name }}", evil, subject="Hola {{ first_name }}")
        assert "<script" not in html_of(letter)
        assert "&lt;script&gt;" in html_of(letter)
        assert "{{ email }}" in html_of(letter)
        assert "\n" not in letter.subject
        assert "{% now" in letter.body
        message = letter.message()
        assert message["Bcc"] is None
        assert message["Subject"].startswith("Hola <script>")

    def test_in_a_link_is_part_of_its_address_alone(self, team):
        evil = people(team, "m@x.mx", first_name='"><script>&x=1 /../')
        html = '<a href="mailto:us@x.mx?subject={{ first_name }}">a</a>'
        letter = mailed(team, html, evil)
        assert "<script" not in html_of(letter)
        assert "subject=%22%3E%3Cscript%3E%26x%3D1%20%2F..%2F" in html_of(letter)


class TestLetter:
    def test_has_a_text_with_the_same_links(self, team):
        html = '<h1>Oferta</h1><ul><li>Uno</li><li><a href="https://x.mx/">Dos</a></li></ul>'
        letter = mailed(team, html)
        (link,) = links_in(letter)["c"]
        assert letter.body.startswith("Oferta\n\n- Uno\n")
        assert f"- Dos (http://127.0.0.1:8000{link})" in letter.body

    def test_can_be_unsubscribed_by_one_click(self, team):
        letter = mailed(team, "Hola")
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = letter.extra_headers["List-Unsubscribe"].strip("<>")
        assert address.startswith("http://127.0.0.1:8000/m/u/")
        assert address in html_of(letter)
        assert "Darse de baja" in html_of(letter)
        assert address in letter.body

    def test_has_no_second_link_to_unsubscribe(self, team):
        letter = mailed(team, '<a href="{{ unsubscribe_url }}">Adiós</a>')
        assert len(links_in(letter)["u"]) == 1
        assert "Adiós" in html_of(letter)

    @pytest.mark.parametrize(
        "html",
        [
            "<p>Docs: unsubscribe_url</p>",
            '<a href="https://x.mx/?u=unsubscribe_url">a</a>',
            '<a href="{{ unsubscribe_url }}"></a>',
            '<div style="display:none"><a href="{{ unsubscribe_url }}">a</a></div>',
            '<p title="a>{{ unsubscribe_url }}">a</p>',
        ],
    )
    def test_says_how_to_unsubscribe_whatever_stands_in_it(self, team, html):
        letter = mailed(team, html)
        assert "Darse de baja</a>" in html_of(letter)
        assert "Acme" in html_of(letter)

    def test_may_write_the_link_out(self, team):
        letter = mailed(team, "<p>Baja: {{ unsubscribe_url }}</p>")
        assert "Darse de baja" not in html_of(letter)
        assert "/m/u/" in html_of(letter)

    @pytest.mark.parametrize("name", ["Acme {{{ x }}", "{{{{{ email }}}}}"])
    def test_bears_braces_in_what_its_sender_is_called(self, team, name):
        Tenant.objects.filter(pk=team.tenant.pk).update(name=name)
        letter = mailed(team, "Hola {{ sender }}")
        assert "maria@x.mx" not in letter.body

    def test_comes_from_the_tenant_and_answers_go_to_who_wrote_it(self, team):
        Tenant.objects.filter(pk=team.tenant.pk).update(name='Acme "México" {{ email }}\r\nX: y')
        letter = mailed(team, "Hola {{ sender }}")
        assert letter.from_email.startswith('"Acme \\"México\\" {{ email }} X: y" <')
        assert team.mona.user.email in letter.reply_to[0]
        letter.message()

    def test_of_who_has_no_address_for_a_header_is_answered_to_us(self, team):
        pk = campaign(team.mona, segment_id=segment(team, people(team, "a@x.mx")).pk)["id"]
        with tenant_scope(team.tenant.pk):
            User.objects.filter(pk=team.mona.id).update(email="ñandú@acme.test")
        act(team.mona, pk, "send")
        assert work(team)[0].reply_to == []

    def test_shows_its_preview_text_hidden(self, team):
        letter = mailed(team, "Hola", preheader="Para {{ first_name }} <3")
        assert "Para Maria 1 &lt;3</div>" in html_of(letter)
        assert "Para Maria" not in letter.body

    def test_is_the_same_for_nobody_else(self, team):
        sent(team, "a@x.mx", "b@x.mx", content='<a href="https://x.mx/{{ email }}">a</a>')
        first, second = work(team)
        assert (first.to, second.to) == (["a@x.mx"], ["b@x.mx"])
        assert not {*links_in(first)["u"]} & {*links_in(second)["u"]}
        assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]

    def test_leads_by_us_to_the_web_alone(self, team):
        html = (
            '<a href="https://x.mx/?a=1&amp;b={{ email }}">a</a><a href="tel:+52">b</a>'
            '<img src="https://x.mx/{{ email }}.png">'
        )
        letter = mailed(team, html)
        assert len(links_in(letter)["c"]) == 1
        assert 'href="tel:+52"' in html_of(letter)
        assert 'src="https://x.mx/maria%40x.mx.png"' in html_of(letter)


class TestText:
    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<p>a</p><p>b</p>", "a\n\nb"),
            ("a<br>b", "a\nb"),
            ("<p>  a \n b </p>", "a b"),
            ("<b>a</b>&amp;<i>b</i>", "a&b"),
            ('<a href="https://x.mx">https://x.mx</a>', "https://x.mx"),
            ('<a href="https://x.mx"><img alt="Logo"></a>', "Logo (https://x.mx)"),
            ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
            ("", ""),
        ],
    )
    def test_reads_as_the_page_does(self, html, text):
        assert text_of(html) == text

    def test_of_deep_html_is_made_quickly(self):
        assert text_of("<div>" * 20_000 + "a") == "a"
