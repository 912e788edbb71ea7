"""Addresses of the standards."""

from django.urls import path

from ...core import converters as converters
from . import evenly_views, moment_views, seen_views, views

urlpatterns = [
    path("standards", views.every, name="standards"),
    path("standards/begin", views.begin, name="standards-begin"),
    path("standards/new", views.new, name="standard-new"),
    path("standards/<standard:standard_id>", views.one, name="standard"),
    path("standards/<standard:standard_id>/turn", views.turn, name="standard-turn"),
    path("standards/observe", seen_views.observe, name="standards-observe"),
    path("standards/evenly", evenly_views.evenly_kept, name="standards-evenly"),
    path("standards/evenly/file", evenly_views.evenly_file, name="standards-evenly-file"),
    path("standards/seen/<staff:staff_id>", seen_views.of_person, name="standards-seen"),
    path("me/standards", seen_views.mine, name="my-standards"),
    path(
        "observations/<observation:observation_id>/withdraw", seen_views.withdraw, name="observation-withdraw"
    ),
    path("standards/missed", moment_views.missed, name="standards-missed"),
    path("courtesies/<courtesy:courtesy_id>/said", moment_views.said, name="courtesy-said"),
    path("visits/<visit:visit_id>/hello", moment_views.hello, name="visit-hello"),
    path("visits/<visit:visit_id>/good-bye", moment_views.good_bye, name="visit-good-bye"),
    path("visits/<visit:visit_id>/ask-again", moment_views.ask_again, name="visit-ask-again"),
    path("customers/<customer:customer_id>/telephone", moment_views.telephone, name="customer-telephone"),
]
