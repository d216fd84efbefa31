"""Which cards share a key, by one statement whose every arm is an index look-up.

An arm finds the cards behind one key by one index, and no more of them than are worth anything.
Apps above this one add arms for what they know of a card (`add_arm`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kept_plans import fetch_kept
from core.tenancy import current_tenant
from prospects.pipeline.keys import ACCENTED, PLAIN, WebHost

MOST = 20  # rows that may share a key; one that more have says nothing about any of them
MOST_KEYS = 50  # of one kind, that are asked for at once

# SQL of a stored web address' host, as the indexes hold it.
HOST = WebHost.template.replace("%(expressions)s", "{column}")


class Evidence(models.TextChoices):
    """What two cards have in common, the strongest first."""

    EMAIL = "email", _("the same email")
    PHONE = "phone", _("the same phone")
    TAX_ID = "tax_id", _("the same tax id")
    COMPANY = "company", _("the same company")
    PERSON = "person", _("the same person")
    DOMAIN = "domain", _("addresses of the same domain")


Key = tuple[Evidence, str]  # a phone as `52 5512345678`

_CARD = "SELECT id AS card_id FROM prospects_prospect WHERE deleted_at IS NULL AND tenant_id = {t}"
_CONTACT = """
    SELECT prospect_id AS card_id FROM prospects_contact
    WHERE deleted_at IS NULL AND tenant_id = {t}
"""
_FURTHER = f"{_CONTACT} AND NOT is_primary AND prospect_id IS NOT NULL"
_CODE, _NUMBER = "split_part({k}, ' ', 1)", "split_part({k}, ' ', 2)"
_FURTHER_PHONE = f"jsonb_build_array(jsonb_build_object('code', {_CODE}, 'phone', {_NUMBER}))"
_DOMAIN_OF_EMAIL = "split_part(email, '@', 2) = {k} AND email > ''"
# SQL of a name without case and accents, as the index holds it.
FOLDED = f"translate(lower({{column}}), '{ACCENTED}', '{PLAIN}')"

# {t}: the tenant; {k}: the key.
_arms: dict[Evidence, list[str]] = {
    Evidence.EMAIL: [
        f"{_CONTACT} AND email = {{k}} AND email > ''",
        f"{_CONTACT} AND more_emails @> ARRAY[{{k}}::varchar] AND NOT more_emails = '{{{{}}}}'",
    ],
    Evidence.PHONE: [
        f"{_CARD} AND phone = {_NUMBER} AND phone_code = {_CODE} AND phone > ''",
        f"{_FURTHER} AND phone = {_NUMBER} AND phone_code = {_CODE} AND phone > ''",
        f"{_CONTACT} AND more_phones @> {_FURTHER_PHONE} AND NOT more_phones = '[]'",
    ],
    Evidence.COMPANY: [f"{_CARD} AND company_key = {{k}} AND company_key > ''"],
    Evidence.PERSON: [
        f"{_CARD} AND name LIKE '%% %%' AND {FOLDED.format(column='name')}"
        f" = {FOLDED.format(column='{k}')}"
    ],
    Evidence.DOMAIN: [
        f"{_CARD} AND {_DOMAIN_OF_EMAIL}",
        f"{_FURTHER} AND {_DOMAIN_OF_EMAIL}",
        "SELECT prospect_id AS card_id FROM prospects_partnerdata"
        f" WHERE tenant_id = {{t}} AND {HOST.format(column='url')} = {{k}}",
    ],
}


def add_arm(evidence: Evidence, sql: str) -> None:
    """Declare one more way to the cards behind a key, when an app is loaded.

    :param sql: a SELECT of `card_id` from rows of the tenant `{t}` that have the key `{k}`.
    """
    _arms.setdefault(evidence, []).append(sql)


def probes_sql(kinds: Collection[str]) -> str:
    """SQL of the rows (evidence, key, arm, card_id) behind keys given as `%(email)s`, … each."""
    named = [
        (kind, number, arm) for kind in kinds for number, arm in enumerate(_arms[Evidence(kind)])
    ]
    return " UNION ALL ".join(
        f"SELECT '{kind}' AS evidence, key.value, {number} AS arm, hit.card_id"
        f" FROM unnest(%({kind})s::text[]) AS key (value) CROSS JOIN LATERAL ("
        f"{arm.format(t='%(tenant_id)s::bigint', k='key.value')} LIMIT {MOST + 1}) AS hit"
        for kind, number, arm in named
    )


def cards_by_key(keys: Mapping[Evidence, Collection[str]]) -> dict[Key, set[int]]:
    """Return the cards behind each key, those that more than MOST rows have left out.

    One statement. Cards that were deleted may be among those found by their company's or
    partner's web address; who shows cards looks at which live.
    """
    given = {kind.value: sorted(values)[:MOST_KEYS] for kind, values in keys.items() if values}
    if not given:
        return {}
    rows = fetch_kept(probes_sql(list(given)), {**given, "tenant_id": current_tenant()})
    found: dict[Key, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[Evidence(row["evidence"]), row["value"]][row["arm"]].append(row["card_id"])
    cards = {key: set().union(*arms.values()) - {None} for key, arms in found.items()}
    return {
        key: cards[key]
        for key, arms in found.items()
        if len(cards[key]) <= MOST and all(len(ids) <= MOST for ids in arms.values())
    }
