from django.urls import include, path

urlpatterns = [
    path("", include("clients.duplicates.urls")),
    path("", include("clients.merging.urls")),
    path("", include("clients.locations.urls")),
    path("", include("clients.overview.urls")),
    path("", include("clients.onboarding.urls")),
    path("", include("clients.integrations.urls")),
    path("api/v1/", include("clients.companies.urls")),
]
