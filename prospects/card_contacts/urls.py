from django.urls import path

from prospects.card_contacts import views

urlpatterns = [path("prospects/<id:pk>/contacts", views.ContactsView.as_view())]
