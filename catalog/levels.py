"""The words for a standard's level, nature, kind and drafters' roles, as stored and as shown."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Level(TextChoices):
    """Who issues it (标准化法 art. 2). Metrology rules are cited like standards and counted apart."""

    NATIONAL = "national", pgettext_lazy("level", "National")
    INDUSTRY = "industry", pgettext_lazy("level", "Industry")
    PROVINCIAL = "provincial", pgettext_lazy("level", "Provincial")
    MUNICIPAL = "municipal", pgettext_lazy("level", "Municipal")
    GROUP = "group", pgettext_lazy("level", "Group")
    ENTERPRISE = "enterprise", pgettext_lazy("level", "Enterprise")
    INTERNATIONAL = "international", pgettext_lazy("level", "International")
    METROLOGY = "metrology", pgettext_lazy("level", "Metrology")
    OTHER = "other", pgettext_lazy("level", "Other")


# Issued by a division, and kept by it and those above (`catalog.keeping`).
LOCAL = (Level.PROVINCIAL, Level.MUNICIPAL)


class Nature(TextChoices):
    """Whether it must be followed (标准化法 art. 2, art. 10)."""

    MANDATORY = "mandatory", pgettext_lazy("nature", "Mandatory")
    RECOMMENDED = "recommended", pgettext_lazy("nature", "Recommended")
    GUIDANCE = "guidance", pgettext_lazy("nature", "Guidance")
    VOLUNTARY = "voluntary", pgettext_lazy("nature", "Voluntary")


class Kind(TextChoices):
    """Only a standard is counted as one; the others have numbers and days of their own."""

    STANDARD = "standard", pgettext_lazy("kind", "Standard")
    AMENDMENT = "amendment", pgettext_lazy("kind", "Amendment")
    CORRIGENDUM = "corrigendum", pgettext_lazy("kind", "Corrigendum")
    TRANSLATION = "translation", pgettext_lazy("kind", "Foreign-language edition")


class DraftingRole(TextChoices):
    """The class of a printed role (`catalog.drafting_roles`); only the first three drafted the standard."""

    LEAD_DRAFTER = "lead_drafter", pgettext_lazy("drafting role", "Responsible for drafting")
    DRAFTER = "drafter", pgettext_lazy("drafting role", "Drafting unit")
    PARTICIPANT = "participant", pgettext_lazy("drafting role", "Took part in drafting")
    PROPOSER = "proposer", pgettext_lazy("drafting role", "Proposer")
    KEEPER = "keeper", pgettext_lazy("drafting role", "Keeper")
    OTHER = "other", pgettext_lazy("drafting role", "Other part")


DRAFTING = (DraftingRole.LEAD_DRAFTER, DraftingRole.DRAFTER, DraftingRole.PARTICIPANT)


class Status(TextChoices):
    """What a standard is on a day; never stored, always asked of `catalog.lifecycle`."""

    IN_FORCE = "in_force", pgettext_lazy("status", "In force")
    UPCOMING = "upcoming", pgettext_lazy("status", "Upcoming")
    REPLACED = "replaced", pgettext_lazy("status", "Replaced")
    WITHDRAWN = "withdrawn", pgettext_lazy("status", "Withdrawn")
    SUSPENDED = "suspended", pgettext_lazy("status", "Suspended")
    PLANNED = "planned", pgettext_lazy("status", "Planned")
    UNKNOWN = "unknown", pgettext_lazy("status", "To be verified")
