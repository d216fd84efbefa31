from django.urls import path

from sales.pipelines.views import PipelineViewSet, StageViewSet

urlpatterns = [
    path("pipelines", PipelineViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "pipelines/<id:pk>",
        PipelineViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("pipelines/<id:pipeline_id>/stages", StageViewSet.as_view({"post": "create"})),
    path(
        "pipelines/<id:pipeline_id>/stages/<id:pk>",
        StageViewSet.as_view({"put": "update", "delete": "destroy"}),
    ),
]
