from typing import Any

from django.urls import path

from sales.forms.views import FormSubmissionViewSet, WebFormViewSet

ONE: Any = {"get": "retrieve", "put": "update", "delete": "destroy"}

urlpatterns = [
    path("forms", WebFormViewSet.as_view({"get": "list", "post": "create"})),
    path("forms/<id:pk>", WebFormViewSet.as_view(ONE)),
    path("forms/<id:pk>/rotate-key", WebFormViewSet.as_view({"post": "rotate_key"})),
    path("forms/<id:form_id>/submissions", FormSubmissionViewSet.as_view({"get": "list"})),
]
