import sales.activities.tasks
import sales.campaigns.tasks
import sales.contacts.tasks
import sales.guests.tasks
import sales.invoices.tasks
import sales.mass_mail.tasks
import sales.sending.tasks  # noqa: F401
