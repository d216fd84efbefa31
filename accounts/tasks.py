import accounts.passwords.tasks
import accounts.sessions.tasks
import accounts.webhooks.tasks  # noqa: F401
