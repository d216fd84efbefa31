from django.urls import path

from clients.merging import views

urlpatterns = [
    path("prospects/<id:pk>/merge", views.MergeView.as_view()),
    path("prospects/<id:pk>/unmerge", views.UnmergeView.as_view()),
]
