from django.urls import include, path

urlpatterns = [
    path("", include("accounts.sessions.urls")),
    path("", include("accounts.users.urls")),
    path("", include("accounts.notifications.urls")),
]
