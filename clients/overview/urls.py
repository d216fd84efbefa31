from django.urls import path

from clients.overview import views

urlpatterns = [
    path("clients", views.ClientsView.as_view()),
    path("clients/<id:pk>", views.ClientView.as_view()),
    path("clients/<id:pk>/data", views.ClientDataView.as_view()),
    path("clients/<id:pk>/notes", views.ClientNotesView.as_view()),
    path("clients/<id:pk>/contacts", views.ClientContactsView.as_view()),
]
