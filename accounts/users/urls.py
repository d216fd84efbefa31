from django.urls import path

from accounts.users.views import DeactivateView, UserViewSet

urlpatterns = [
    path("users", UserViewSet.as_view({"get": "list"})),
    path("users/<id:pk>", UserViewSet.as_view({"get": "retrieve"})),
    path("users/<id:pk>/deactivate", DeactivateView.as_view()),
]
