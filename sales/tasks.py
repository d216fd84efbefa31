import sales.activities.tasks
import sales.contacts.tasks
import sales.guests.tasks
import sales.invoices.tasks
import sales.sending.tasks  # noqa: F401
