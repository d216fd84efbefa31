"""What the pipeline announces to whoever cares about new cards."""

from django.dispatch import Signal

# Sent inside the transaction that inserts cards and inside their tenant's scope, with
# `prospect_ids` (a list, never empty). Once for each statement: a batch is one announcement.
prospects_created = Signal()
