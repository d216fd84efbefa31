"""What may be done to a quote, and when. `expired` comes of itself, the day after `valid_until`."""

from sales.documents.states import Move
from sales.quotes.models import Quote

S = Quote.Status
EDIT = Move("edited", (S.DRAFT,))
RESCHEDULE = Move("changed", (S.DRAFT, S.SENT, S.EXPIRED))
DELETE = Move("deleted", (S.DRAFT,))
SEND = Move("sent", (S.DRAFT, S.SENT), S.SENT)
APPROVE = Move("approved", (S.SENT,), S.APPROVED)
REJECT = Move("rejected", (S.SENT,), S.REJECTED)
CANCEL = Move("cancelled", (S.DRAFT, S.SENT, S.EXPIRED), S.CANCELLED)
BILL = Move("made into an invoice or contract", (S.APPROVED,))
