from sales.activities.admin import ActivityAdmin
from sales.deals.admin import DealAdmin
from sales.deleted.admin import DeletedDealAdmin
from sales.pipelines.admin import PipelineAdmin
from sales.products.admin import ProductAdmin, ProductCategoryAdmin

__all__ = [
    "ActivityAdmin",
    "DealAdmin",
    "DeletedDealAdmin",
    "PipelineAdmin",
    "ProductAdmin",
    "ProductCategoryAdmin",
]
