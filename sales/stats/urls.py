from django.urls import path

from sales.stats.views import StatsView

urlpatterns = [path("dashboard/stats", StatsView.as_view())]
