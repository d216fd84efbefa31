import prospects.counts.tasks
import prospects.followups.tasks
import prospects.imports.tasks
import prospects.respondio.tasks  # noqa: F401
