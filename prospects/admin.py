from prospects.card_contacts.admin import ContactAdmin
from prospects.cards.admin import ProspectAdmin
from prospects.catalogs.admin import CatalogAdmin, LocaleAdmin
from prospects.deleted.admin import DeletedProspectAdmin
from prospects.followups.admin import FollowUpNoteAdmin
from prospects.imports.admin import ImportJobAdmin
from prospects.pipeline.admin import FollowUpCategoryAdmin
from prospects.respondio.admin import RespondioAccountAdmin, RespondioDeliveryAdmin
from prospects.sharing.admin import ShareAdmin

__all__ = [
    "CatalogAdmin",
    "ContactAdmin",
    "DeletedProspectAdmin",
    "FollowUpCategoryAdmin",
    "FollowUpNoteAdmin",
    "ImportJobAdmin",
    "LocaleAdmin",
    "ProspectAdmin",
    "RespondioAccountAdmin",
    "RespondioDeliveryAdmin",
    "ShareAdmin",
]
