import accounts.bulk_jobs.tasks
import accounts.passwords.tasks
import accounts.sessions.tasks
import accounts.webhooks.tasks  # noqa: F401
