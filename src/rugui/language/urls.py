from django.urls import path

from ..core import converters as converters
from . import check_views, views, voice_views
from .ears import views as ears

urlpatterns = [
    path("words/check", check_views.check, name="words-check"),
    path("words/answered", check_views.answered, name="words-answered"),
    path("words/silence", check_views.silence, name="words-silence"),
    path("me/words", check_views.mine, name="my-words"),
    path("me/voice", voice_views.mine, name="my-voice"),
    path("house/voice", voice_views.house, name="house-voice"),
    path("messages/<touch:touch_id>/heard", ears.heard, name="heard"),
    path("messages/heard/<hearingcorrection:correction_id>/withdraw", ears.withdraw, name="heard-withdraw"),
    path("house/ears", ears.ears, name="ears"),
    path("house/ears/topics/<housetopic:topic_id>/end", ears.topic_end, name="ears-topic-end"),
    path("house/words", views.every, name="words"),
    path("house/words/new", views.new, name="words-new"),
    path("house/words/try", views.preview, name="words-try"),
    path("house/words/import", views.bring, name="words-import"),
    path("house/words/export/<str:pack>", views.export, name="words-export"),
    path("house/words/rules/<str:rule>", views.rule, name="words-rule"),
    path("house/words/versions", views.versions, name="words-versions"),
    path("house/words/versions/<int:number>", views.version, name="words-version"),
    path("house/words/versions/<int:number>/restore", views.restore, name="words-restore"),
    path("house/words/proposals/<lexiconproposal:proposal_id>", views.proposal, name="words-proposal"),
    path("house/words/proposals/<lexiconproposal:proposal_id>/decide", views.decide, name="words-decide"),
]
