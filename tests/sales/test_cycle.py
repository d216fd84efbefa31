"""contact → deal → quote → send → approve → contract → sign → invoice → send → payment"""

from __future__ import annotations

from tests.accounts.notifications.told import told
from tests.sales.contacts.contacts_of import contact
from tests.sales.deals.deals_of import deal
from tests.sales.documents.documents_of import (
    CONTRACTS,
    HOURS,
    INVOICES,
    QUOTES,
    day,
    done,
    made,
    pay,
)


class TestSalesCycle:
    def test_goes_from_a_contact_to_the_money(self, team):
        mona = team.mona
        maria = contact(mona, first_name="Maria", last_name="Garcia")["id"]
        erp = deal(team, mona, name="ERP", contact_ids=[maria])["id"]
        about = {"contact_id": maria, "deal_id": erp, "currency": "MXN"}
        offer = made(mona.post(QUOTES, {**about, "title": "ERP", "items": [HOURS]}))
        assert (offer["quote_number"], offer["status"]) == ("COT-000001", "draft")
        assert (offer["subtotal"], offer["tax_total"], offer["total"]) == (180000, 28800, 208800)
        assert done(mona.post(f"{QUOTES}/{offer['id']}/send"))["status"] == "sent"
        assert done(mona.post(f"{QUOTES}/{offer['id']}/approve"))["status"] == "approved"

        agreed = made(mona.post(CONTRACTS, {"quote_id": offer["id"], "end_date": day(90)}))
        assert (agreed["contract_number"], agreed["title"]) == ("CTR-000001", "ERP")
        assert (agreed["value"], agreed["contact_id"], agreed["deal_id"]) == (208800, maria, erp)
        signed = done(mona.post(f"{CONTRACTS}/{agreed['id']}/sign", {"client_name": "Maria G"}))
        assert (signed["status"], signed["signature"]["client_name"]) == ("signed", "Maria G")

        bill = made(mona.post(INVOICES, {"quote_id": offer["id"], "due_at": day(30)}))
        assert (bill["invoice_number"], bill["total"]) == ("FAC-000001", 208800)
        assert (bill["contact_id"], bill["deal_id"], bill["quote_id"]) == (maria, erp, offer["id"])
        assert [item["description"] for item in bill["items"]] == ["Consultoria"]
        assert done(mona.post(f"{INVOICES}/{bill['id']}/send"))["status"] == "sent"

        assert made(pay(mona, bill["id"], 104400))["method"] == "transfer"
        half = done(mona.get(f"{INVOICES}/{bill['id']}"))
        assert (half["status"], half["amount_paid"], half["amount_due"]) == ("sent", 104400, 104400)
        made(pay(mona, bill["id"], "104400.00", method="card"))
        whole = done(mona.get(f"{INVOICES}/{bill['id']}"))
        assert (whole["status"], whole["amount_due"]) == ("paid", 0)
        kinds = {"quote_approved", "contract_signed", "invoice_paid"}
        assert kinds <= {kind for kind, *_ in told(mona)}
