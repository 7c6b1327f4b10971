"""What a server needs before it may write a trail."""

import hashlib

from django.conf import settings
from django.core.checks import Error

KEY_LENGTH = 32


def check_trail(app_configs, **kwargs):
    """A key for the seals, long enough and no other's, and a hash algorithm that this machine has."""
    found = []
    if not settings.TRAIL_KEY:
        found.append(Error("TRAIL_KEY is not set: a production server must bring its own.", id="records.E001"))
    elif len(settings.TRAIL_KEY) < KEY_LENGTH:
        found.append(Error(f"TRAIL_KEY is shorter than {KEY_LENGTH} characters.", id="records.E002"))
    elif settings.TRAIL_KEY == settings.SECRET_KEY:
        found.append(Error("TRAIL_KEY and SECRET_KEY are the same.", id="records.E003"))
    try:
        hashlib.new(settings.TRAIL_ALGORITHM)
    except ValueError:
        found.append(Error(f"TRAIL_ALGORITHM {settings.TRAIL_ALGORITHM} is not known here.", id="records.E004"))
    return found
