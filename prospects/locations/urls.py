from django.urls import path

from prospects.locations import views

urlpatterns = [
    path("prospects/<id:pk>/locations", views.LocationsView.as_view()),
    path("prospects/locations/<id:pk>", views.LocationView.as_view()),
]
