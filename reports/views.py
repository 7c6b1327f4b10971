"""Pages of what it adds up to."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone

from .desk import desk_of


@login_required
def desk(request):
    """The account's own home: what waits, what has changed, what ends."""
    return render(request, "reports/desk.html", {"desk": desk_of(request.user), "on": timezone.localdate()})
