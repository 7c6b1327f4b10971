"""Who may do what. Pages, API, admin and commands ask here."""

from rest_framework.permissions import SAFE_METHODS, BasePermission


def may_catalogue(user) -> bool:
    """Whether an account keeps the catalogue: edits standards, imports files, settles quality flags."""
    return user.is_active and user.is_staff and user.has_perm("catalog.change_standard")


class ReadAllWriteCataloguer(BasePermission):
    """The API's rule: everybody reads the published catalogue, cataloguers write."""

    def has_permission(self, request, view) -> bool:
        return request.method in SAFE_METHODS or (request.user.is_authenticated and may_catalogue(request.user))
