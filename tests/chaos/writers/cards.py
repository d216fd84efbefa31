"""Cards of the board: made, moved, written about, turned into clients."""

from __future__ import annotations

from tests.chaos.desk import Desk


def new_card(desk: Desk) -> None:
    write = desk.open("card")
    row = {"company": write.mark, "external_id": write.mark, "email": f"{write.mark}@card.test"}
    answer = desk.client.write(write, "POST", "/prospects", json=[row])
    if answer is None:
        return
    if desk.chance.random() < 0.1:
        desk.client.same_again(write, "POST", "/prospects", answer, json=[row])
    if len(answer["inserts"]) != 1:
        desk.ledger.blame(f"{write.mark}: answered 200, and nothing inserted: {answer}")
        return
    write.row_id = int(answer["inserts"][0]["id"])
    desk.made.setdefault("card", []).append(write.row_id)


def new_note(desk: Desk) -> None:
    card = desk.one_of("card")
    if card is None:
        return new_card(desk)
    write = desk.open("note")
    sent = {"note": write.mark, "action": "call"}
    desk.client.write(write, "POST", f"/prospects/{card}/notes", json=sent)
    return None


def move_card(desk: Desk) -> None:
    card = desk.one_of("card")
    if card is None:
        return new_card(desk)
    write = desk.open("move")
    category = desk.chance.choice(desk.house.categories)
    place = ("prospects_prospect", "category_id", card)
    path, sent = f"/prospects/{card}/data", {"follow_up_id": category}
    desk.client.write(write, "PATCH", path, key=False, json=sent)
    desk.leave(place, category, write.outcome)
    return None


def new_client(desk: Desk) -> None:
    """What is a client already is refused."""
    card = desk.one_of("card")
    if card is None:
        return new_card(desk)
    write = desk.open("client")
    desk.client.write(write, "POST", "/clients", json={"prospect_id": card, "industry": write.mark})
    return None
