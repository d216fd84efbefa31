from django.urls import path

from clients.locations import views

urlpatterns = [
    path("clients/<id:pk>/locations", views.ClientLocationsView.as_view()),
    path("clients/locations/<id:pk>", views.ClientLocationView.as_view()),
]
