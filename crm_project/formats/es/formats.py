"""Numbers as Mexico writes them, and as our documents, mails and boards do: 1,234.50."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
