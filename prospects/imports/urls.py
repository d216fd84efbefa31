from django.urls import path

from prospects.imports import job_views, views

urlpatterns = [
    path("prospects/process", views.ProcessView.as_view()),
    path("prospects", views.CreateView.as_view()),
    path("prospects/imports", job_views.ImportsView.as_view()),
    path("prospects/imports/<id:pk>", job_views.OneImportView.as_view()),
    path("prospects/imports/<id:pk>/rows", job_views.RowsView.as_view()),
    path("prospects/imports/<id:pk>/rejected.csv", job_views.RejectedView.as_view()),
    path("prospects/imports/<id:pk>/apply", job_views.ApplyView.as_view()),
    path("prospects/imports/<id:pk>/undo", job_views.UndoView.as_view()),
]
