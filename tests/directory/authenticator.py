"""An authenticator app for tests, and an account that has one."""

import re

from django.utils import timezone
from django_otp.oath import TOTP

from directory.second_factors import new_seed, secret_of, set_up_factor
from records.trail import SYSTEM
from tests.factories import make_user


def code_of(seed: str, drift: int = 0) -> str:
    """What the app shows now, or so many steps later."""
    totp = TOTP(secret_of(seed), drift=drift)
    totp.time = timezone.now().timestamp()
    return f"{totp.token():06}"


def make_holder(name: str = "wang", **fields):
    """An account with an authenticator whose last code was that of the step before: account, seed, recovery codes."""
    user, seed = make_user(name, **fields), new_seed()
    return user, seed, set_up_factor(user, seed=seed, code=code_of(seed, -1), by=SYSTEM)


def wrong_code(seed: str) -> str:
    """Six digits that no step near now has."""
    near = {code_of(seed, drift) for drift in range(-3, 4)}
    return next(text for n in range(100) if (text := f"{n:06}") not in near)


def secret_shown(answer) -> str:
    """The seed's secret as the page prints it."""
    return re.search(r'<code class="number wrapped">([A-Z2-7 ]+)</code>', answer.content.decode())[1]
