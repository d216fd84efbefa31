"""Files of cards: read, applied and taken back by the worker. And the sync of the dashboard."""

from __future__ import annotations

import io
import json

from tests.chaos.desk import Desk
from tests.chaos.ledger import Outcome, Write

CRON_TOKEN = "chaos-cron"
MAPPING = {"id": "external_id", "company": "company", "mail": "email"}


def upload(desk: Desk) -> None:
    """Takes no key: a plan that nobody applies writes nothing, however many there are."""
    write = desk.open("file")
    rows = desk.chance.randint(5, 100)
    lines = [f"{write.mark}.{n},{write.mark}.{n},{write.mark}.{n}@row.test" for n in range(rows)]
    text = "\n".join(["id,company,mail", *lines]).encode()
    answer = desk.client.write(
        write,
        "POST",
        "/prospects/imports",
        key=False,
        files=lambda: {"file": (f"{write.mark}.csv", io.BytesIO(text))},
        data={"mapping": json.dumps(MAPPING)},
    )
    if answer is not None:
        write.row_id = int(answer["id"])
        desk.made.setdefault("file", []).append(write.row_id)


def apply(desk: Desk) -> None:
    job = desk.one_of("file")
    if job is None:
        return upload(desk)
    read = desk.client.read(f"/prospects/imports/{job}")
    if read is None or read["status"] != "planned":
        return None
    _act(desk, desk.open("apply"), job, "apply")
    desk.made["file"].remove(job)
    desk.made.setdefault("applied", []).append(job)
    return None


def undo(desk: Desk) -> None:
    job = desk.one_of("applied")
    if job is None:
        return upload(desk)
    read = desk.client.read(f"/prospects/imports/{job}")
    if read is None or read["status"] != "applied":
        return None
    _act(desk, desk.open("undo"), job, "undo")
    desk.made["applied"].remove(job)
    return None


def _act(desk: Desk, write: Write, job: int, what: str) -> None:
    """Done once by its nature: in its next state it is refused."""
    write.row_id = job
    desk.client.write(write, "POST", f"/prospects/imports/{job}/{what}", key=False)
    if write.outcome is Outcome.REFUSED and write.lost:
        write.outcome = Outcome.DONE  # what had no answer was done, as nobody else does it
    elif write.outcome is Outcome.REFUSED:
        desk.ledger.blame(f"{what} of import {job} was refused: {write.status}")


def sync(desk: Desk) -> None:
    write = desk.open("sync")
    client = desk.client
    own, client.headers = client.headers, {"Authorization": f"Bearer {CRON_TOKEN}"}
    client.write(write, "POST", "/crm/analytics/sync", key=False)
    client.headers = own
