"""What is standard: families and editions, what relates them, how they are classified, who drafted them, who said so."""

from .care import Care
from .classification import Classification, Prefix
from .contribution import Contribution
from .quality import QualityFlag
from .source import SourceClaim
from .standard import FacetWord, Family, Standard, StandardRelation

__all__ = [
    "Care",
    "Classification",
    "Contribution",
    "FacetWord",
    "Family",
    "Prefix",
    "QualityFlag",
    "SourceClaim",
    "Standard",
    "StandardRelation",
]
