from django.urls import path

from ..core import converters as converters
from . import guest, views

urlpatterns = [
    path("cases", views.case_list, name="cases"),
    path("cases/new", views.new, name="case-new"),
    path("customers/<customer:customer_id>/case", views.open_for_customer, name="case-open"),
    path("touches/<touch:touch_id>/case", views.open_for_touch, name="case-open-touch"),
    path("cases/<case:case_id>", views.case, name="case"),
    path("cases/<case:case_id>/say", views.say, name="case-say"),
    path("cases/<case:case_id>/talk", views.talk, name="case-talk"),
    path("cases/<case:case_id>/review", views.review, name="case-review"),
    path("cases/<case:case_id>/document", views.document, name="case-document"),
    path("cases/<case:case_id>/take", views.take, name="case-take"),
    path("cases/<case:case_id>/link", views.link, name="case-link"),
    path("cases/<case:case_id>/link/end", views.end_link, name="case-link-end"),
    path("cases/<case:case_id>/close", views.close, name="case-close"),
    path("cases/<case:case_id>/close/undo", views.undo_close, name="case-close-undo"),
    path("cases/<case:case_id>/reopen", views.reopen, name="case-reopen"),
    path("c/<str:secret>", guest.page, name="guest-case"),
    path("c/<str:secret>/ticket", guest.ticket, name="guest-ticket"),
]
