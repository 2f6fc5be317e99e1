"""What can go wrong with allowances."""

from app.core.errors import Code, OmniError


class QuotaExceeded(OmniError):
    code = Code.QUOTA_EXCEEDED
