from django.urls import path

from prospects.board import views

urlpatterns = [
    path("prospects/grouped", views.GroupedView.as_view()),
    path("prospects/list", views.ListView.as_view()),
    path("prospects/kpis", views.KpisView.as_view()),
]
