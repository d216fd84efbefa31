from django.urls import path

from prospects.calendar import views

urlpatterns = [
    path("prospects/activities", views.ActivitiesView.as_view()),
    path("prospects/<id:pk>/notes/<id:note_id>", views.NoteView.as_view()),
]
