"""What is standard: families and editions, what relates them, how they are classified, who said so."""

from .care import Care
from .classification import Classification, Prefix
from .quality import QualityFlag
from .source import SourceClaim
from .standard import FacetWord, Family, Standard, StandardRelation

__all__ = [
    "Care",
    "Classification",
    "FacetWord",
    "Family",
    "Prefix",
    "QualityFlag",
    "SourceClaim",
    "Standard",
    "StandardRelation",
]
