import sales.activities.tasks
import sales.contacts.tasks
import sales.invoices.tasks  # noqa: F401
