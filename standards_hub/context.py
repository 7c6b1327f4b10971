"""What every page needs to know."""

from catalog.freshness import data_as_of
from directory.access import may_audit, may_catalogue, may_keep_accounts, may_oversee, may_see_registrations


def site(request):
    """`data_as_of` is a function, asked only by the pages that show it."""
    user = getattr(request, "user", None)
    return {
        "may_catalogue": may_catalogue(user),
        "may_oversee": may_oversee(user),
        "may_audit": may_audit(user),
        "may_see_registrations": may_see_registrations(user),
        "may_keep_accounts": may_keep_accounts(user),
        "data_as_of": data_as_of,
    }
