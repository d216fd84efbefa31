from django.urls import path

from analytics.dashboard.views import RowsView
from analytics.snapshots.views import ClientAnalyticsView, SyncView

urlpatterns = [
    path("prospects/client-analytics", ClientAnalyticsView.as_view()),
    path("prospects/client-analytics/rows", RowsView.as_view()),
    path("crm/analytics/sync", SyncView.as_view()),
]
