"""The one Django app; its rooms are plain packages."""

from django.apps import AppConfig


class RuguiConfig(AppConfig):
    name = "rugui"
    label = "rugui"
    verbose_name = "Rugui"

    def ready(self) -> None:
        """Rooms that must hear what happens in a room below them say so."""
        from .language.ears import listening
        from .recover import hearing
        from .recover.remedies import choosing
        from .recover.worth import firstaid
        from .team.standards import courtesy

        firstaid.listen()
        choosing.listen()
        hearing.begin()
        listening.begin()
        courtesy.listen()
