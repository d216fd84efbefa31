from django.urls import include, path

urlpatterns = [
    path("", include("sales.contacts.urls")),
    path("", include("sales.products.urls")),
    path("", include("sales.pipelines.urls")),
    path("", include("sales.deals.urls")),
]
