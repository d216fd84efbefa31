"""What may be done to an invoice, and when. `overdue` comes of itself, the day after `due_at`."""

from sales.documents.states import Move
from sales.invoices.models import Invoice

S = Invoice.Status
EDIT = Move("edited", (S.DRAFT,))
RESCHEDULE = Move("changed", (S.DRAFT, S.SENT, S.OVERDUE))
DELETE = Move("deleted", (S.DRAFT,))
SEND = Move("sent", (S.DRAFT, S.SENT, S.OVERDUE), S.SENT)
CANCEL = Move("cancelled", (S.DRAFT, S.SENT, S.OVERDUE), S.CANCELLED)
# One that is paid takes none either, as nothing is due: the amount is wrong, not the state.
PAY = Move("paid", (S.SENT, S.OVERDUE, S.PAID))
