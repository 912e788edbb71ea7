"""Addresses of the house room."""

from django.urls import include, path

from ..core import converters as converters
from .views import entry, me, settings, staff

urlpatterns = [
    path("welcome", entry.welcome, name="welcome"),
    path("invitation/<str:secret>", entry.invitation, name="invitation"),
    path("password/<str:secret>", entry.new_password, name="new_password"),
    path("accounts/", include("rugui.house.account_urls")),
    path("houses", me.houses, name="choose_house"),
    path("duty", me.duty, name="duty"),
    path("me", me.me, name="me"),
    path("me/tokens", me.tokens, name="tokens"),
    path("me/tokens/<key:token_id>/revoke", me.revoke_token, name="revoke_token"),
    path("house", settings.house, name="house_settings"),
    path("house/organization", settings.organization, name="organization"),
    path("house/places/new", settings.new_place, name="new_place"),
    path("house/places/<place:place_id>", settings.place, name="place_settings"),
    path("house/places/<place:place_id>/calendar", settings.calendar, name="place_calendar"),
    path("house/places/<place:place_id>/special-days", settings.add_special_day, name="add_special_day"),
    path(
        "house/places/<place:place_id>/special-days/<str:day>/remove",
        settings.remove_special_day,
        name="remove_special_day",
    ),
    path("house/places/<place:place_id>/staff", staff.staff_list, name="place_staff"),
    path("staff", staff.staff_list, name="staff"),
    path("staff/invite", staff.invite, name="invite"),
    path("staff/<staff:staff_id>", staff.member, name="staff_member"),
    path("staff/<staff:staff_id>/disable", staff.disable, name="disable_staff"),
    path("staff/<staff:staff_id>/enable", staff.enable, name="enable_staff"),
    path("staff/<staff:staff_id>/password-link", staff.password_link, name="password_link"),
    path("staff/<staff:staff_id>/second-step", staff.reset_second_step, name="reset_second_step"),
    path(
        "staff/invitations/<invitation:invitation_id>/withdraw",
        staff.withdraw_invitation,
        name="withdraw_invitation",
    ),
]
