from django.urls import path

from sales.products.views import ProductCategoryViewSet, ProductImageView, ProductViewSet

urlpatterns = [
    path("products", ProductViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "products/<id:pk>",
        ProductViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
    ),
    path("products/<id:pk>/image", ProductImageView.as_view()),
    path("product-categories", ProductCategoryViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "product-categories/<id:pk>",
        ProductCategoryViewSet.as_view({"put": "update", "delete": "destroy"}),
    ),
]
