from django.urls import path

from ..core import converters as converters
from . import board_views, kept_views, policy_views, views

urlpatterns = [
    path("promises", board_views.board, name="promises"),
    path("promises/file", board_views.rows_file, name="promises-file"),
    path("promises/kept", kept_views.page, name="promises-kept"),
    path("promises/kept/file", kept_views.file, name="promises-kept-file"),
    path("promises/in-words", views.said, name="promise-in-words"),
    path("promises/new", views.new, name="promise-new"),
    path("customers/<customer:customer_id>/promise", views.give, name="promise-give"),
    path("promises/<promise:promise_id>/keep", views.keep, name="promise-keep"),
    path("promises/<promise:promise_id>/another-time", views.renegotiate, name="promise-renegotiate"),
    path("promises/<promise:promise_id>/withdraw", views.withdraw, name="promise-withdraw"),
    path("promises/<promise:promise_id>/wait", views.pause, name="promise-pause"),
    path("promises/<promise:promise_id>/go-on", views.resume, name="promise-resume"),
    path("promises/<promise:promise_id>/take", views.take, name="promise-take"),
    path("promises/<promise:promise_id>/undo", views.undo, name="promise-undo"),
    path("house/promises", policy_views.every, name="promise-policies"),
    path("house/promises/new", policy_views.new, name="promise-policy-new"),
    path("house/promises/preview", policy_views.preview, name="promise-policy-preview"),
    path("house/promises/<promisepolicy:policy_id>", policy_views.change, name="promise-policy"),
    path("house/promises/<promisepolicy:policy_id>/drop", policy_views.drop, name="promise-policy-drop"),
]
