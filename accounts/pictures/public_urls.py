"""What browsers ask for without a token, outside the API."""

from django.urls import path

from accounts.pictures.views import picture

urlpatterns = [path("storage/pictures/<uuid:pk>.webp", picture)]
