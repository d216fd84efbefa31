"""The triggers that keep a company's account: balance, currency, first recharge and shipment, tier.

They see a statement's rows as a table, so that a file of a million rows, a single form, COPY and
raw SQL are all counted by the same few statements. Companies are locked first, in one order: two
writers wait for each other and neither is lost. A new statement begins after the wait, so that it
sees what the other one wrote.
"""

from __future__ import annotations

import pgtrigger

# Every trigger asks which triggers are to be ignored. Where that was never said, asking fails and
# is caught, and to undo what was begun PostgreSQL walks through all the checks that wait for the
# end of the transaction: one for each row written, and that for each company changed.
_LOCK = """
    IF NOT EXISTS (SELECT FROM {rows}) THEN RETURN NULL; END IF;
    IF coalesce(current_setting('pgtrigger.ignore', true), '') = '' THEN
        PERFORM set_config('pgtrigger.ignore', '{{}}', true);
    END IF;
    PERFORM FROM clients_company WHERE id IN ({companies}) ORDER BY id FOR NO KEY UPDATE;
"""
_INSERTED = """
    UPDATE clients_company AS company
    SET balance = company.balance + change.amount,
        {first} = least(company.{first}, change.first_at),
        balance_currency = coalesce(nullif(company.balance_currency, ''), change.currency)
    FROM (
        SELECT company_id, sum({amount}) AS amount, min({moment}) AS first_at,
               min(currency) AS currency
        FROM new_rows GROUP BY company_id
    ) AS change
    WHERE company.id = change.company_id;
"""
# The first one may be gone: it is looked up. An account without a row has no currency.
_CHANGED = """
    UPDATE clients_company AS company
    SET balance = company.balance + change.amount,
        {first} = kept.first_at,
        balance_currency = CASE
            WHEN kept.first_at IS NULL AND company.{other_first} IS NULL THEN ''
            ELSE coalesce(nullif(company.balance_currency, ''), change.currency)
        END
    FROM (
        SELECT company_id, sum(amount) AS amount, min(currency) AS currency
        FROM ({changes}) AS each GROUP BY company_id
    ) AS change, LATERAL (
        SELECT min({moment}) AS first_at FROM {table} WHERE company_id = change.company_id
    ) AS kept
    WHERE company.id = change.company_id
        AND (change.amount <> 0 OR company.{first} IS DISTINCT FROM kept.first_at);
"""
_REMOVED_ROWS = "SELECT company_id, -({amount}) AS amount, NULL AS currency FROM old_rows"
_ADDED_ROWS = "SELECT company_id, {amount} AS amount, currency FROM new_rows"
# One sum cannot be of two currencies.
_REFUSE = """
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT company_id, currency FROM new_rows) AS added
        JOIN clients_company AS company ON company.id = added.company_id
        WHERE added.currency <> company.balance_currency
    ) THEN
        RAISE EXCEPTION 'a company''s account is kept in one currency'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'clients_company_one_currency';
    END IF;
"""
_TIERS = """
    UPDATE clients_company AS company SET tier = latest.tier
    FROM (SELECT DISTINCT company_id FROM ({rows}) AS each) AS change
    LEFT JOIN LATERAL (
        SELECT tier FROM {table} WHERE company_id = change.company_id ORDER BY month DESC LIMIT 1
    ) AS latest ON true
    WHERE company.id = change.company_id AND company.tier IS DISTINCT FROM latest.tier;
"""
_ALL = "SELECT company_id FROM old_rows UNION SELECT company_id FROM new_rows"
_OLD = "SELECT company_id FROM old_rows"
_NEW = "SELECT company_id FROM new_rows"

_FIRSTS = ("first_recharge_at", "first_shipment_at")


def account_triggers(table: str, amount: str, moment: str, first: str) -> list[pgtrigger.Trigger]:
    """Triggers of a table whose rows move the balance.

    :param amount: SQL of what one row adds to the balance.
    :param moment: the column of the time; `first` is the company's column of its least.
    """
    other_first = next(name for name in _FIRSTS if name != first)
    words = {"table": table, "amount": amount, "moment": moment, "first": first}
    added, removed = _ADDED_ROWS.format(**words), _REMOVED_ROWS.format(**words)

    def changed(rows: str) -> str:
        return _CHANGED.format(changes=rows, other_first=other_first, **words)

    return [
        _inserted("account", _INSERTED.format(**words) + _REFUSE),
        _updated("account", changed(f"{added} UNION ALL {removed}") + _REFUSE),
        _deleted("account", changed(removed)),
    ]


def tier_triggers(table: str) -> list[pgtrigger.Trigger]:
    """Triggers of the monthly tiers: the latest month's is the company's."""
    return [
        _inserted("tier", _TIERS.format(table=table, rows=_NEW)),
        _updated("tier", _TIERS.format(table=table, rows=_ALL)),
        _deleted("tier", _TIERS.format(table=table, rows=_OLD)),
    ]


def _inserted(what: str, body: str) -> pgtrigger.Trigger:
    return _trigger(f"{what}_inserted", pgtrigger.Insert, _lock("new_rows", _NEW) + body, new=True)


def _updated(what: str, body: str) -> pgtrigger.Trigger:
    lock = _lock("new_rows", _ALL)
    return _trigger(f"{what}_updated", pgtrigger.Update, lock + body, new=True, old=True)


def _deleted(what: str, body: str) -> pgtrigger.Trigger:
    return _trigger(f"{what}_deleted", pgtrigger.Delete, _lock("old_rows", _OLD) + body, old=True)


def _lock(rows: str, companies: str) -> str:
    return _LOCK.format(rows=rows, companies=companies)


def _trigger(
    name: str, operation: pgtrigger.Operation, body: str, *, new: bool = False, old: bool = False
) -> pgtrigger.Trigger:
    tables = {"new": "new_rows"} if new else {}
    tables |= {"old": "old_rows"} if old else {}
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**tables),
        func=f"{body} RETURN NULL;",
    )
