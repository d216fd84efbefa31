"""People and what one does with them: notes, activities, deals, web forms."""

from __future__ import annotations

from tests.chaos.desk import Desk

API = "/api/v1"


def new_contact(desk: Desk) -> None:
    person = {"first_name": "{mark}", "emails": [{"email": "{mark}@people.test"}]}
    desk.make("contact", f"{API}/contacts", person)


def new_contact_note(desk: Desk) -> None:
    person = desk.one_of("contact")
    if person is None:
        return new_contact(desk)
    desk.turn("said", f"{API}/contacts/{person}/notes", {"body": "{mark}"})
    return None


def new_activity(desk: Desk) -> None:
    desk.make("activity", f"{API}/activities", {"subject": "{mark}", "type": "task"})


def new_deal(desk: Desk) -> None:
    house = desk.house
    deal = {
        "name": "{mark}",
        "pipeline_id": house.pipeline_id,
        "stage_id": desk.chance.choice(house.stages),
        "amount": desk.chance.randint(1, 99_999),
    }
    if person := desk.one_of("contact"):
        deal["contact_ids"] = [person]
    desk.make("deal", f"{API}/deals", deal)


def move_deal(desk: Desk) -> None:
    deal = desk.one_of("deal")
    if deal is None:
        return new_deal(desk)
    write = desk.open("step")
    stage = desk.chance.choice(desk.house.stages)
    path = f"{API}/deals/{deal}/move-stage"
    desk.client.write(write, "POST", path, json={"stage_id": stage})
    desk.leave(("sales_deal", "stage_id", deal), stage, write.outcome)
    return None


def fill_in_form(desk: Desk) -> None:
    """A visitor: takes no key, and nobody fills in a form twice who does not know why."""
    write = desk.open("form")
    sent = {"first_name": "Vera", "email": f"{write.mark}@form.test", "message": write.mark}
    path = f"/api/forms/{desk.house.form_key}/submit"
    desk.client.write(write, "POST", path, key=False, again=False, json=sent)


def break_a_rule(desk: Desk) -> None:
    """What must be refused, and leave nothing."""
    write = desk.open("deal")
    sent = {"name": write.mark, "pipeline_id": desk.house.pipeline_id, "stage_id": 999_999_999}
    desk.client.write(write, "POST", f"{API}/deals", json=sent)
    if write.status < 400:
        desk.ledger.blame(f"{write.mark}: a stage of nobody's was taken: {write.status}")
