"""How sign-in fits this house: nobody signs up by themselves; people are invited. All of it in the house's own words."""

from __future__ import annotations

import io
from typing import Any, ClassVar

import segno
from allauth.account import forms as account_forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..core.proxies import client_address
from .forms import say_plainly
from .models import User

TOO_MANY = _("Too many attempts. Please wait five minutes and try again.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This e-mail address and password do not belong together."),
        "incorrect_password": _("This is not your present password."),
        "enter_current_password": _("This is not your present password."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def login(self, request: HttpRequest, user: User) -> None:
        """The first time after somebody has taken away a second step, its owner reads of it."""
        reset_at = user.second_step_reset_at
        unheard = reset_at is not None and (user.last_login is None or user.last_login < reset_at)
        super().login(request, user)
        if unheard:
            with translation.override(user.language):
                messages.warning(request, second_step_told(user), extra_tags="is-soon")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """By which attempts are counted. allauth's own way believes whatever header reaches it, if it believes any,
        and ends in an error where the header is shorter than it was told."""
        remote, forwarded = request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
        return client_address(remote, forwarded, settings.TRUSTED_PROXIES)


def second_step_told(user: User) -> str:
    """What somebody reads whose second step was taken away."""
    if user.second_step_reset_by:
        told = gettext(
            "%(name)s has taken away your second step: passkeys, authenticator app and recovery codes."
        )
    else:
        told = gettext(
            "Whoever runs this installation has taken away your second step: passkeys, authenticator app and recovery codes."
        )
    then = gettext("Set up a new one under “My account”. If you did not ask for this, tell an owner at once.")
    return f"{told % {'name': user.second_step_reset_by}} {then}"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This code is not the right one, or no longer. Wait for the next one and try again."
        ),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first."),
    }

    def build_totp_svg(self, url: str) -> str:
        """Dark on white whatever the page's colours are: that is what cameras read."""
        picture = io.BytesIO()
        segno.make(url, micro=False).save(
            picture, kind="svg", scale=5, border=3, dark="#1f1b16", light="#ffffff", xmldecl=False
        )
        return picture.getvalue().decode()


class NotTheAddress(UserAttributeSimilarityValidator):
    """Says it in whole words: Django fills the name of the field, which is English, into a sentence of any language."""

    def get_error_message(self) -> str:
        return gettext("This password is too much like your e-mail address.")


def _say(form: forms.Form, **labels: Any) -> None:
    """Labels in the house's words, and no placeholders that repeat them."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].help_text = ""
        form.fields[name].widget.attrs.pop("placeholder", None)
    say_plainly(form)


class LoginForm(account_forms.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self,
            login=_("E-mail address"),
            password=_("Password"),
            remember=_("Stay signed in on this device"),
        )


class ChangePasswordForm(account_forms.ChangePasswordForm):  # type: ignore[misc]
    """The present password and the new one, once: the page can show what was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _say(self, oldpassword=_("Present password"), password1=_("New password"))
        self.fields["password1"].help_text = _(
            "At least 10 characters. A sentence is easier to remember than a riddle."
        )


class ReauthenticateForm(account_forms.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, password=_("Password"))


class AuthenticateForm(mfa_forms.AuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, code=_("Code"))
        self.fields["code"].help_text = _("From your authenticator app, or one of your recovery codes.")


class ReauthenticateByCodeForm(mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, code=_("Code"))
        self.fields["code"].help_text = _("From your authenticator app, or one of your recovery codes.")


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, code=_("Code that the app shows now"))


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": _("My passkey"), "passwordless": True, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        _say(self, name=_("Name"), passwordless=_("Sign in with it alone, without a password"))


class EditPasskeyForm(webauthn_forms.EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, name=_("Name"))
