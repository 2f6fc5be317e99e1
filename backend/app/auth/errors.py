"""What a request can be refused for before anybody knows what it wants."""

from app.core.errors import Code, OmniError


class AuthRequired(OmniError):
    code = Code.AUTH_REQUIRED


class SessionExpired(OmniError):
    code = Code.SESSION_EXPIRED


class InvalidCredentials(OmniError):
    code = Code.INVALID_CREDENTIALS


class RefreshReused(OmniError):
    code = Code.REFRESH_REUSED


class UserInactive(OmniError):
    code = Code.USER_INACTIVE


class AdminRequired(OmniError):
    code = Code.ADMIN_REQUIRED


class ReauthRequired(OmniError):
    code = Code.REAUTH_REQUIRED


class CsrfInvalid(OmniError):
    code = Code.CSRF_INVALID


class AuthModeInvalid(OmniError):
    code = Code.AUTH_MODE_INVALID


class OriginNotAllowed(OmniError):
    code = Code.ORIGIN_NOT_ALLOWED


class OriginLocked(OmniError):
    code = Code.ORIGIN_LOCKED


class Misdirected(OmniError):
    code = Code.MISDIRECTED
