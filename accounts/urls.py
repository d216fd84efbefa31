from django.urls import include, path

urlpatterns = [
    path("", include("accounts.sessions.urls")),
    path("", include("accounts.passwords.urls")),
    path("", include("accounts.users.urls")),
    path("", include("accounts.pictures.urls")),
    path("", include("accounts.tenants.urls")),
    path("", include("accounts.webhooks.urls")),
    path("", include("accounts.notifications.urls")),
]
