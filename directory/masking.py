"""Personal data as those see them who need not know: enough to recognise, not enough to use. Pure."""


def mask_phone(phone: str) -> str:
    """`138****5678`; of a short number the first figure only."""
    if len(phone) < 8:
        return phone[:1] + "*" * max(0, len(phone) - 1)
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def mask_email(email: str) -> str:
    """`z***@example.cn`."""
    name, at, host = email.partition("@")
    return f"{name[:1]}***{at}{host}" if at else "***" if email else ""
