"""What is known of a card's company, as evidence: its tax id, its web site and its shops."""

from prospects.duplicates.probes import HOST, Evidence, add_arm

_COMPANY = """
    SELECT prospect_id AS card_id FROM clients_company
    WHERE tenant_id = {t} AND deleted_at IS NULL
"""


def declare_arms() -> None:
    """Find cards by their companies too."""
    add_arm(Evidence.TAX_ID, f"{_COMPANY} AND tax_id = {{k}} AND tax_id > ''")
    host = HOST.format(column="domain")
    add_arm(Evidence.DOMAIN, f"{_COMPANY} AND {host} = {{k}} AND domain > ''")
    add_arm(
        Evidence.DOMAIN,
        "SELECT company.prospect_id AS card_id FROM clients_integration AS shop"
        " JOIN clients_company AS company ON company.id = shop.company_id"
        f" WHERE shop.tenant_id = {{t}} AND {HOST.format(column='shop.url')} = {{k}}"
        " AND shop.url > ''",
    )
