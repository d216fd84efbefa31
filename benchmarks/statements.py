"""The bare SQL that the doors are measured against, written by hand.

Parameters: `tenant`, `me` (whose eyes count), `start` (of a page), and those of a filter.
"""

from __future__ import annotations

LENGTH = 25
LIVE = "p.tenant_id = %(tenant)s AND p.deleted_at IS NULL AND p.type IN (1, 2)"
MINE = """p.id IN (
    SELECT id FROM prospects_prospect
    WHERE tenant_id = %(tenant)s AND owner_id = %(me)s AND deleted_at IS NULL
    UNION SELECT prospect_id FROM prospects_teamassignment WHERE user_id = %(me)s
)"""
NEWEST = "p.created_at DESC, p.id DESC"
COLUMNS = """
    p.id, p.type, company.id AS company_id, p.company_name, p.name, p.email, p.phone_code,
    p.phone, p.category_id, category.name AS follow_name, p.owner_id,
    owner.name AS salesman_name, company.balance, p.account_value, p.first_contact_at,
    p.last_contact_at, p.next_contact_at, p.category_changed_at, p.created_at, p.verified_at,
    company.tier, p.monthly_shipments, campaign.name AS campaign,
    lead_status.name AS lead_status, p.estimated_close_date, p.commercial_offer_date, p.channel,
    ARRAY(SELECT service_id FROM prospects_prospectservice WHERE prospect_id = p.id) AS services
"""
JOINS = """
    JOIN prospects_followupcategory category ON category.id = p.category_id
    LEFT JOIN accounts_user owner ON owner.id = p.owner_id
    LEFT JOIN clients_company company ON company.prospect_id = p.id
    LEFT JOIN prospects_acquisitioncampaign campaign ON campaign.id = p.campaign_id
    LEFT JOIN prospects_leadstatus lead_status ON lead_status.id = p.lead_status_id
"""


def count(where: str) -> str:
    """How many cards there are, exactly."""
    return f"SELECT count(*) FROM prospects_prospect p WHERE {where}"


def page(where: str) -> str:
    """The newest cards from `start` on: ids first, then joined to what the list shows.

    Planning six joins around a limit takes longer than running them: this is the fast way.
    """
    return f"""
        SELECT {COLUMNS} FROM (
            SELECT p.id FROM prospects_prospect p
            WHERE {where} ORDER BY {NEWEST} LIMIT {LENGTH} OFFSET %(start)s
        ) AS page
        JOIN prospects_prospect p ON p.id = page.id {JOINS} ORDER BY {NEWEST}
    """


def board(where: str) -> str:
    """The newest cards of each category."""
    return f"""
        SELECT {COLUMNS}
        FROM prospects_followupcategory shown
        CROSS JOIN LATERAL (
            SELECT p.id FROM prospects_prospect p
            WHERE {where} AND p.category_id = shown.id ORDER BY {NEWEST} LIMIT {LENGTH}
        ) AS page
        JOIN prospects_prospect p ON p.id = page.id {JOINS}
        WHERE shown.tenant_id = %(tenant)s
        ORDER BY shown.position, shown.id, {NEWEST}
    """


# What the bare site answers, by the last word of the path.
SERVED = {
    "first-page": page(LIVE),
    "first-page-of-mine": page(f"{LIVE} AND {MINE}"),
}
