"""Django's settings. What an installation may choose is in config.py; the rest is decided here."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from .config import config
from .core.database import django_database
from .core.logs import LOGGING as LOGGING
from .core.phrases import LANGUAGES as LANGUAGES
from .core.tickets import stream_sources

CONFIG = config()
PACKAGE = Path(__file__).parent
_url = urlsplit(CONFIG.url)
_secure = _url.scheme == "https"

SECRET_KEY = CONFIG.secret
DEBUG = CONFIG.debug
ALLOWED_HOSTS = [_url.hostname or "localhost", "localhost", "127.0.0.1", "[::1]", CONFIG.host]
if CONFIG.host in {"0.0.0.0", "::"}:  # noqa: S104  a comparison; whoever opens every interface is reached under any name
    ALLOWED_HOSTS = ["*"]
CSRF_TRUSTED_ORIGINS = [f"{_url.scheme}://{_url.netloc}"]

INSTALLED_APPS = [
    "rugui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "rugui.web.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rugui.web.middleware.Language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "rugui.web.middleware.FirstRun",
    "rugui.api.middleware.ApiDoor",
    "rugui.web.middleware.House",
]

ROOT_URLCONF = "rugui.urls"
WSGI_APPLICATION = "rugui.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"]
        + [
            PACKAGE / room / "templates"
            for room in (
                "house",
                "know",
                "serve",
                "promise",
                "language",
                "recover",
                "team",
                "connect",
                "own",
                "desk",
            )
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "rugui.web.context.page",
            ],
            "builtins": [
                "rugui.web.tags",
                "rugui.web.rows",
                "rugui.web.board_rows",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    },
]

DATABASES = {"default": django_database(CONFIG)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "rugui_cache"},
}
SESSION_ENGINE = "rugui.house.sessions"

AUTH_USER_MODEL = "rugui.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "rugui.house.accounts.NotTheAddress",
        "OPTIONS": {"user_attributes": ["email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
LOGIN_PATH = "/accounts/login/"
ACCOUNT_ADAPTER = "rugui.house.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "rugui.house.accounts.LoginForm",
    "change_password": "rugui.house.accounts.ChangePasswordForm",
    "reauthenticate": "rugui.house.accounts.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are invited by name; nobody signs up by themselves
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "5/m/ip"}
TRUSTED_PROXIES = CONFIG.proxies  # whose X-Forwarded-For counts attempts to sign in; see AccountAdapter
MFA_ADAPTER = "rugui.house.accounts.MFAAdapter"
MFA_FORMS = {
    "authenticate": "rugui.house.accounts.AuthenticateForm",
    "reauthenticate": "rugui.house.accounts.ReauthenticateByCodeForm",
    "activate_totp": "rugui.house.accounts.ActivateTOTPForm",
    "add_webauthn": "rugui.house.accounts.AddPasskeyForm",
    "edit_webauthn": "rugui.house.accounts.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _secure
MFA_TOTP_ISSUER = "Rugui"

# Each room's jobs; the worker and whoever defers one find them by these names.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None
PROCRASTINATE_IMPORT_PATHS = [
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    for path in sorted(PACKAGE.rglob("jobs.py"))
]

LANGUAGE_CODE = "en"
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = "rugui.core.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STATIC_ROOT = None  # served straight from the package by whitenoise; nothing is collected
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = CONFIG.data_folder / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # the reverse proxy that ends TLS redirects
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _secure else None
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        # The live stream is another process on another port unless a reverse proxy joins them.
        "connect-src": [SELF, *stream_sources(CONFIG)],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # e-mail addresses are unique in lower case, by a constraint that the check does not know
    "security.W005",  # what else lives under the domain is not ours to decide
    "security.W008",  # the reverse proxy that ends TLS redirects
    "security.W021",
    *([] if _secure else ["security.W004", "security.W012", "security.W016"]),
]
