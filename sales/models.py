from sales.deals.models import Deal, DealContact, StageStay
from sales.pipelines.models import Pipeline, Stage
from sales.products.models import Product, ProductCategory, ProductImage

__all__ = [
    "Deal",
    "DealContact",
    "Pipeline",
    "Product",
    "ProductCategory",
    "ProductImage",
    "Stage",
    "StageStay",
]
