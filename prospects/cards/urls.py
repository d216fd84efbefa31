from django.urls import path

from prospects.cards import views
from prospects.cards.choices import CatalogsView

urlpatterns = [
    path("prospects/catalogs", CatalogsView.as_view()),
    path("prospects/<id:pk>", views.ProspectView.as_view()),
    path("prospects/<id:pk>/data", views.DataView.as_view()),
    path("prospects/<id:pk>/partner-data", views.PartnerDataView.as_view()),
    path("prospects/<id:pk>/notes", views.NotesView.as_view()),
]
