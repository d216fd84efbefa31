from django.urls import include, path

urlpatterns = [
    path("", include("clients.locations.urls")),
]
