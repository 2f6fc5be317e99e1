"""What can go wrong with accounts, invites and sign-ins."""

from app.core.errors import Code, OmniError


class InviteInvalid(OmniError):
    code = Code.INVALID_INVITE


class InviteMissing(OmniError):
    code = Code.INVITE_NOT_FOUND


class UsernameTaken(OmniError):
    code = Code.USERNAME_EXISTS


class BootstrapClosed(OmniError):
    code = Code.BOOTSTRAP_CLOSED


class UserMissing(OmniError):
    code = Code.USER_NOT_FOUND


class LastAdmin(OmniError):
    code = Code.LAST_ADMIN


class ResetInvalid(OmniError):
    code = Code.INVALID_RESET


class AccountLocked(OmniError):
    code = Code.ACCOUNT_LOCKED


class SessionMissing(OmniError):
    code = Code.NOT_FOUND
