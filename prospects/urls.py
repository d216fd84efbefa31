from django.urls import include, path

urlpatterns = [
    path("", include("prospects.board.urls")),
    path("", include("prospects.calendar.urls")),
    path("", include("prospects.card_contacts.urls")),
    path("", include("prospects.cards.urls")),
    path("", include("prospects.imports.urls")),
    path("", include("prospects.locations.urls")),
    path("", include("prospects.sharing.urls")),
]
