"""Addresses of the front desk."""

from django.urls import path

from ..core import converters as converters
from .views import capture, card, messages, today

urlpatterns = [
    path("", today.today, name="today"),
    path("today/parts", today.today_parts, name="today-parts"),
    path("arrivals", today.arrivals, name="arrivals"),
    path("find", card.find, name="find"),
    path("capture", capture.capture, name="capture"),
    path("capture/read", capture.capture_read, name="capture-read"),
    path("capture/agreed", capture.capture_agreed, name="capture-agreed"),
    path("capture/head", capture.capture_head, name="capture-head"),
    path("capture/notes/<note:note_id>", capture.capture_correct, name="capture-correct"),
    path("capture/people", capture.capture_people, name="capture-people"),
    path("messages/new", messages.message_new, name="message-new"),
    path("messages/<touch:touch_id>/answer", messages.message_answer, name="message-answer"),
    path("messages/<touch:touch_id>/complaint", messages.message_complaint, name="message-complaint"),
    path("customers/<customer:customer_id>", card.card, name="customer"),
    path("customers/<customer:customer_id>/parts", card.card_parts, name="customer-parts"),
    path("customers/<customer:customer_id>/touches/new", messages.touch_new, name="touch-new"),
]
