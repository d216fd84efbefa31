from django.urls import path

from sales.deals.views import DealBoardView, DealViewSet

urlpatterns = [
    path("deals", DealViewSet.as_view({"get": "list", "post": "create"})),
    path("deals/board", DealBoardView.as_view()),
    path(
        "deals/<id:pk>",
        DealViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("deals/<id:pk>/move-stage", DealViewSet.as_view({"post": "move_stage"})),
]
