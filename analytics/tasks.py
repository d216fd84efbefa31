import analytics.leads.tasks
import analytics.snapshots.tasks  # noqa: F401
