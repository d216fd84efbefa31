from django.urls import path

from sales.guests import views

urlpatterns = [
    path("e/<str:token>", views.invitation),
    path("e/<str:token>/answer", views.answer),
    path("e/<str:token>/event.ics", views.invitation_file),
]
