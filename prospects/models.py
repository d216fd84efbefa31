from prospects.catalogs.models import (
    AcquisitionCampaign,
    Content,
    EcommerceType,
    LeadStatus,
    Locale,
    OnboardingStatus,
    PartnerOrigin,
    PartnerType,
    PlanType,
    Service,
    WeightRange,
)
from prospects.contacts.models import Contact
from prospects.counts.models import CardCount
from prospects.deleted.models import DeletedProspect
from prospects.followups.models import FollowUpNote
from prospects.imports.models import ImportJob, ImportMapping, ImportRow
from prospects.locations.models import Location
from prospects.partners.models import PartnerData
from prospects.pipeline.models import (
    FollowUpCategory,
    Prospect,
    ProspectService,
    TeamAssignment,
)
from prospects.respondio.models import RespondioAccount, RespondioDelivery
from prospects.sharing.models import ProspectUserObjectPermission

__all__ = [
    "AcquisitionCampaign",
    "CardCount",
    "Contact",
    "Content",
    "DeletedProspect",
    "EcommerceType",
    "FollowUpCategory",
    "FollowUpNote",
    "ImportJob",
    "ImportMapping",
    "ImportRow",
    "LeadStatus",
    "Locale",
    "Location",
    "OnboardingStatus",
    "PartnerData",
    "PartnerOrigin",
    "PartnerType",
    "PlanType",
    "Prospect",
    "ProspectService",
    "ProspectUserObjectPermission",
    "RespondioAccount",
    "RespondioDelivery",
    "Service",
    "TeamAssignment",
    "WeightRange",
]
