from django.urls import path

from ..core import converters as converters
from . import guest
from .views import doing, keeping, listing, opening, page

urlpatterns = [
    path("cases", listing.case_list, name="cases"),
    path("cases/new", listing.new, name="case-new"),
    path("customers/<customer:customer_id>/case", opening.open_for_customer, name="case-open"),
    path("touches/<touch:touch_id>/case", opening.open_for_touch, name="case-open-touch"),
    path("cases/<case:case_id>", page.case, name="case"),
    path("cases/<case:case_id>/say", doing.say, name="case-say"),
    path("cases/<case:case_id>/talk", doing.talk, name="case-talk"),
    path("cases/<case:case_id>/review", doing.review, name="case-review"),
    path("cases/<case:case_id>/document", doing.document, name="case-document"),
    path("cases/<case:case_id>/take", keeping.take, name="case-take"),
    path("cases/<case:case_id>/link", keeping.link, name="case-link"),
    path("cases/<case:case_id>/link/end", keeping.end_link, name="case-link-end"),
    path("cases/<case:case_id>/close", keeping.close, name="case-close"),
    path("cases/<case:case_id>/close/undo", keeping.undo_close, name="case-close-undo"),
    path("cases/<case:case_id>/reopen", keeping.reopen, name="case-reopen"),
    path("c/<str:secret>", guest.page, name="guest-case"),
    path("c/<str:secret>/ticket", guest.ticket, name="guest-ticket"),
]
