from django.urls import path

from ..core import converters as converters
from . import views

urlpatterns = [
    path("promises", views.board, name="promises"),
    path("promises/new", views.new, name="promise-new"),
    path("customers/<customer:customer_id>/promise", views.give, name="promise-give"),
    path("promises/<promise:promise_id>/keep", views.keep, name="promise-keep"),
    path("promises/<promise:promise_id>/another-time", views.renegotiate, name="promise-renegotiate"),
    path("promises/<promise:promise_id>/withdraw", views.withdraw, name="promise-withdraw"),
    path("promises/<promise:promise_id>/take", views.take, name="promise-take"),
    path("promises/<promise:promise_id>/undo", views.undo, name="promise-undo"),
]
