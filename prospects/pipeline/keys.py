"""What two cards of one company or person have in common, though they are written differently."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.db.models import Func, TextField, Value
from django.db.models.functions import Lower

LONGEST_KEY = 120

_ACCENTS = re.compile("[\u0300-\u036f]+")
_WITHIN_ABBREVIATIONS = re.compile("[.'’`´]+")
_NOT_A_WORD = re.compile(r"[\W_]+")
# Legal forms, folded as names are; a blank may stand between their letters (S. A. de C. V.).
_FORMS = "|".join(
    (
        "s ?a ?p ?i(?: de ?c ?v)?",
        "s ?a ?b(?: de ?c ?v)?",
        "s ?de ?r ?l(?: de ?c ?v)?(?: ?m ?i)?",
        "s ?a ?s(?: de ?c ?v)?",
        "s ?a(?: de ?c ?v)?",
        "sofom(?: ?e ?[nr])?",
        "s ?c|a ?c|s ?r ?l|s ?l ?u?|e ?i ?r ?l|eireli|epp",
        "ltda?|limitada|limited|inc|incorporated|corp|corporation",
        "co|company|compania|cia|l ?l ?c|l ?l ?p|p ?l ?c",
        "gmbh|mbh|ag|kg|ug|e ?k|b ?v|n ?v|oy|ab|aps|pty|sarl|s ?p ?a",
    )
)
_LEGAL_FORMS = re.compile(f"(?: (?:y|e|and|und))?(?: (?:{_FORMS}))+$")
# The last letters of every form: most names end on none of them and need no closer look.
_LAST_WORDS = frozenset(
    "sapi i v sab b l mi m sas s sa a sofom en er n r c srl slu sl u eirl eireli epp ltd ltda sc ac"  # noqa: SIM905 (a word list reads best as words)
    " cv rl limitada limited inc incorporated corp corporation co company compania cia llc llp plc"
    " p gmbh mbh ag kg ug ek k bv nv oy ab aps pty sarl spa".split()
)

# At these anybody has an address: their domain is nobody's.
_FREE_MAIL = re.compile(
    r"(gmail|googlemail|aol|ymail|rocketmail|icloud|me|mac|mail|inbox|zoho|fastmail)\.com"
    r"|(hotmail|outlook|live|msn|yahoo|gmx|yandex|terra)\.[a-z.]+"
    r"|(protonmail|proton|pm|tutanota|tuta)\.(com|me|ch|de|io)"
    r"|(prodigy|infinitum|telmex)\.net\.mx|(uol|bol|ig)\.com\.br"
    r"|web\.de|t-online\.de|mail\.ru|qq\.com|163\.com|126\.com"
)
# On these anybody has a page: the host says nothing of whose it is.
_SHARED_HOST = re.compile(
    r"(.+\.)?(facebook|instagram|linkedin|twitter|x|tiktok|youtube|pinterest|whatsapp|google|etsy"
    r"|shopify|myshopify|wixsite|wordpress|blogspot|linktr|walmart|rappi|canva)\.(com|ee)"
    r"|wa\.me|linktr\.ee|bit\.ly|goo\.gl|fb\.com|t\.me"
    r"|(.+\.)?(amazon|mercadolibre|mercadolivre|mercadoshops|ebay|shein|aliexpress)\.[a-z.]+"
)
_OWN_SHOP = re.compile(r"[^.]+\.(myshopify|wixsite|wordpress|blogspot)\.com")
# Whatever stands for a tax id of everybody: sales to the public, and to foreigners.
NOBODYS_TAX_IDS = frozenset(("XAXX010101000", "XEXX010101000"))


def company_key(name: str) -> str:
    """The name without case, accents, punctuation and legal form: `acme` of Acmé, S.A. de C.V.

    A name that is nothing but a legal form stays one.
    """
    folded = _folded(name)
    if folded.rpartition(" ")[2] in _LAST_WORDS:
        folded = _LEGAL_FORMS.sub("", folded)
    return folded[:LONGEST_KEY]


def domain_key(email: str) -> str:
    """The domain of an email address; "" at providers where anybody has one."""
    domain = email.rpartition("@")[2].lower() if "@" in email else ""
    return "" if _FREE_MAIL.fullmatch(domain) else domain


def host_key(host: str) -> str:
    """A web host as evidence, in lower case without `www.`; "" where anybody has a page."""
    is_shared = _SHARED_HOST.fullmatch(host) and not _OWN_SHOP.fullmatch(host)
    return "" if is_shared or _FREE_MAIL.fullmatch(host) else host


def _folded(name: str) -> str:
    text = name.lower()
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return _NOT_A_WORD.sub(" ", _WITHIN_ABBREVIATIONS.sub("", text)).strip()


class EmailDomain(Func):
    """The domain of a stored address, as the index holds it."""

    function = "split_part"
    template = "%(function)s(%(expressions)s, '@', 2)"
    arity = 1
    output_field = TextField()


class WebHost(Func):
    """The host of a stored web address, in lower case without `www.`, as the indexes hold it."""

    function = "lower"
    template = (
        "lower(substring(%(expressions)s from "
        "'^(?:[A-Za-z]+://)?(?:[^/?#@]*@)?(?:[Ww][Ww][Ww][.])?([^/?#:]+)'))"
    )
    arity = 1
    output_field = TextField()


class Translate(Func):
    """Characters of one text exchanged for those of another."""

    function = "translate"
    arity = 3
    output_field = TextField()


ACCENTED, PLAIN = "áàâäãåéèêëíìîïóòôöõúùûüñç", "aaaaaaeeeeiiiiooooouuuunc"


def person_key(name: Any) -> Translate:
    """A person's name without case and the accents of our languages, computed by the database."""
    return Translate(Lower(name), Value(ACCENTED), Value(PLAIN))
