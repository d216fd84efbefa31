"""Who writes what: each takes a turn at a desk. The weights are how often, beside each other."""

from __future__ import annotations

from tests.chaos.writers import campaigns, cards, events, imports, money, people

WRITERS = {
    cards.new_card: 8,
    cards.new_note: 6,
    cards.move_card: 8,
    cards.new_client: 3,
    people.new_contact: 6,
    people.new_contact_note: 3,
    people.new_activity: 4,
    people.new_deal: 5,
    people.move_deal: 6,
    people.fill_in_form: 5,
    people.break_a_rule: 3,
    money.new_quote: 4,
    money.new_invoice: 7,
    money.pay: 8,
    money.pay_back: 2,
    imports.upload: 2,
    imports.apply: 4,
    imports.undo: 1,
    imports.sync: 3,
    campaigns.send_campaign: 2,
    events.invite: 3,
}
