"""What may be done to a contract, and when. `expired` comes of itself, the day after its end."""

from sales.contracts.models import Contract
from sales.documents.states import Move

S = Contract.Status
EDIT = Move("edited", (S.DRAFT,))
ANNOTATE = Move("changed", (S.DRAFT, S.SIGNED))
DELETE = Move("deleted", (S.DRAFT,))
SEND = Move("sent", (S.DRAFT, S.SIGNED))
SIGN = Move("signed", (S.DRAFT,), S.SIGNED)
CANCEL = Move("cancelled", (S.DRAFT, S.SIGNED), S.CANCELLED)
