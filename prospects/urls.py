from django.urls import include, path

urlpatterns = [
    path("", include("prospects.board.urls")),
    path("", include("prospects.cards.urls")),
]
