from django.urls import path

from ..core import converters as converters
from . import guest
from .loyalty import views as loyalty
from .views import doing, keeping, listing, opening, owning, page, steps

urlpatterns = [
    path("cases", listing.case_list, name="cases"),
    path("cases/came-back", loyalty.came_back, name="came-back"),
    path("cases/new", listing.new, name="case-new"),
    path("customers/<customer:customer_id>/case", opening.open_for_customer, name="case-open"),
    path("touches/<touch:touch_id>/case", opening.open_for_touch, name="case-open-touch"),
    path("cases/<case:case_id>", page.case, name="case"),
    path("cases/<case:case_id>/say", doing.say, name="case-say"),
    path("cases/<case:case_id>/talk", doing.talk, name="case-talk"),
    path("cases/<case:case_id>/review", doing.review, name="case-review"),
    path("cases/<case:case_id>/document", doing.document, name="case-document"),
    path("cases/<case:case_id>/take", keeping.take, name="case-take"),
    path("cases/<case:case_id>/delight", steps.delight, name="case-delight"),
    path("cases/<case:case_id>/share", steps.share, name="case-share"),
    path("cases/<case:case_id>/skip", steps.skip, name="case-skip"),
    path("cases/<case:case_id>/more", steps.more, name="case-more"),
    path("cases/<case:case_id>/choices", steps.choices, name="case-choices"),
    path("cases/<case:case_id>/choices/end", steps.end_choices, name="case-choices-end"),
    path("cases/<case:case_id>/apology", steps.apology, name="case-apology"),
    path("cases/<case:case_id>/hand-over", owning.hand_over, name="case-hand-over"),
    path("cases/<case:case_id>/alarm", owning.alarm, name="case-alarm"),
    path("hand-overs/<handover:hand_over_id>/accept", owning.accept, name="hand-over-accept"),
    path("hand-overs/<handover:hand_over_id>/decline", owning.decline, name="hand-over-decline"),
    path("hand-overs/<handover:hand_over_id>/withdraw", owning.withdraw, name="hand-over-withdraw"),
    path("alarms/<casealarm:alarm_id>/confirm", owning.confirm, name="alarm-confirm"),
    path("alarms/<casealarm:alarm_id>/dismiss", owning.dismiss, name="alarm-dismiss"),
    path("house/who-hears", owning.rules, name="case-rules"),
    path("cases/<case:case_id>/link", keeping.link, name="case-link"),
    path("cases/<case:case_id>/link/end", keeping.end_link, name="case-link-end"),
    path("cases/<case:case_id>/close", keeping.close, name="case-close"),
    path("cases/<case:case_id>/close/undo", keeping.undo_close, name="case-close-undo"),
    path("cases/<case:case_id>/reopen", keeping.reopen, name="case-reopen"),
    path("c/<str:secret>", guest.page, name="guest-case"),
    path("c/<str:secret>/ticket", guest.ticket, name="guest-ticket"),
]
