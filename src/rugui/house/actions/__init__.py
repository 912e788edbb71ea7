"""What can be done in the house room: one verb each."""

from .calendar import remove_special_day, set_special_day, set_week
from .duty import end_duty, start_duty
from .founding import Founded, NewOrganization, NewPerson, NewPlace, found_house, take_over
from .invitations import Invited, invite, join, join_as_new, withdraw_invitation
from .keys import issue_password_link, make_token, revoke_token, set_password_by_link
from .places import add_place, change_organization, change_place
from .second_step import reset_second_step, reset_second_step_of
from .staff import change_me, disable_staff, enable_staff, set_role

__all__ = [
    "Founded",
    "Invited",
    "NewOrganization",
    "NewPerson",
    "NewPlace",
    "add_place",
    "change_me",
    "change_organization",
    "change_place",
    "disable_staff",
    "enable_staff",
    "end_duty",
    "found_house",
    "invite",
    "issue_password_link",
    "join",
    "join_as_new",
    "make_token",
    "remove_special_day",
    "reset_second_step",
    "reset_second_step_of",
    "revoke_token",
    "set_password_by_link",
    "set_role",
    "set_special_day",
    "set_week",
    "start_duty",
    "take_over",
    "withdraw_invitation",
]
