"""What runs when: the whole schedule stands here."""

from __future__ import annotations

from datetime import timedelta

from celery.schedules import crontab

from crm_project import env

CRM_ANALYTICS_SYNC_MINUTES = env.number("CRM_ANALYTICS_SYNC_MINUTES", 5, least=1)
CELERY_BEAT_SCHEDULE = {
    "refresh analytics": {
        "task": "snapshots.refresh_all",
        "schedule": timedelta(minutes=CRM_ANALYTICS_SYNC_MINUTES),
    },
    "wake pending work": {"task": "core.sweep_pending", "schedule": timedelta(minutes=1)},
    "fold the tallies": {"task": "core.fold_tallies", "schedule": timedelta(minutes=1)},
    "fold the kept counts": {"task": "counts.fold", "schedule": timedelta(minutes=1)},
    "forget files that nobody explained": {
        "task": "imports.drop_unexplained",
        "schedule": crontab(hour="3", minute="27"),
    },
    "clear files of old exports": {
        "task": "bulk_jobs.clear_files",
        "schedule": crontab(hour="3", minute="7"),
    },
    "remind of follow-ups": {"task": "followups.remind_due", "schedule": timedelta(minutes=2)},
    # Every hour, as it becomes another day in one time zone after the other.
    "tell of overdue invoices": {"task": "invoices.tell_overdue", "schedule": timedelta(hours=1)},
    "remind of invoices": {"task": "sending.remind", "schedule": timedelta(hours=1)},
    "remind of events": {"task": "guests.remind", "schedule": timedelta(minutes=2)},
    "start campaigns": {"task": "campaigns.start_due", "schedule": timedelta(minutes=1)},
    "remind of activities": {"task": "activities.remind_due", "schedule": timedelta(minutes=2)},
    "score contacts with news": {
        "task": "contacts.refresh_scores",
        "schedule": timedelta(minutes=2),
    },
    "score every contact": {
        "task": "contacts.refresh_all_scores",
        "schedule": crontab(hour="8", minute="41"),  # the small hours in Mexico
    },
    "forget answers to repeated requests": {
        "task": "core.forget_answers",
        "schedule": timedelta(hours=1),
    },
    "drop expired sessions": {
        "task": "sessions.drop_expired",
        "schedule": crontab(hour="3", minute="17"),
    },
    "forget old webhook deliveries": {
        "task": "webhooks.forget_old",
        "schedule": crontab(hour="3", minute="37"),
    },
    "forget old syncs": {
        "task": "leads.forget_old_runs",
        "schedule": crontab(hour="3", minute="27"),
    },
}
