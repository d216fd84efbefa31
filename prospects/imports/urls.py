from django.urls import path

from prospects.imports import views

urlpatterns = [
    path("prospects/process", views.ProcessView.as_view()),
    path("prospects", views.CreateView.as_view()),
]
