"""Customers, the identities they are recognised by, and what we know about them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..core.models import HouseModel
from ..core.phrases import LANGUAGES
from ..engines.identity.keys import tail

ALWAYS = "always"


class Customer(HouseModel):
    """One person, with their name as they gave it."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=200)
    address_as = models.CharField(max_length=120, blank=True)
    """How they wish to be spoken to, when it is not simply their name."""
    language = models.CharField(max_length=10, choices=[("", ""), *LANGUAGES], blank=True, default="")
    external_id = models.CharField(max_length=120, null=True, blank=True, db_collation="C")
    contact_person = models.ForeignKey(
        "rugui.Staff", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    deputy = models.ForeignKey(
        "rugui.Staff", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    """Who stands in for the contact person."""
    pronunciation = models.CharField(max_length=120, blank=True, default="", db_default="")
    """How their name sounds: "CHUN yoo-ting"."""
    languages = models.CharField(max_length=120, blank=True, default="", db_default="")
    """What they speak, best first: BCP 47 tags with spaces between, "ja en"."""
    quiet = models.CharField(max_length=10, blank=True, default="", db_default="")
    """Until when they wish not to be disturbed: the last day of it, "2026-12-24", or "always"; empty: no such wish."""
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="merged_cards", db_index=False
    )
    """The card that this one became part of (know/lineage.py); nothing stands on this one meanwhile."""
    created_at = models.DateTimeField()

    came_as: int | None = None
    """The merged card by whose name this one was asked for; what is added now goes back with that card."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "external_id"],
                condition=Q(external_id__isnull=False),
                name="customer_external_id",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_name"),
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="customer_not_into_itself"),
            models.CheckConstraint(
                condition=Q(quiet__regex=r"^(always|\d{4}-\d\d-\d\d)?$"), name="customer_quiet_until"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["merged_into"], name="customer_merged", condition=Q(merged_into__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """How to speak to them."""
        return self.address_as or self.name

    def quiet_on(self, day: date) -> bool:
        """Whether they wish not to be disturbed on this day."""
        return self.quiet == ALWAYS or self.quiet >= day.isoformat()


if TYPE_CHECKING:
    _Text = models.CharField[str, str]
else:
    _Text = models.CharField


class Tail(_Text):
    """What an identity is found by besides its comparable form (engines/identity/keys.py)."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        assert isinstance(model_instance, Identity)
        model_instance.tail = tail(model_instance.kind, model_instance.normal)
        return model_instance.tail


class Identity(HouseModel):
    """Something a customer is recognised by. Shared by a family it is evidence, not proof: no uniqueness."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        HANDLE = "handle", _("Handle")
        CARD = "card", _("Card number")

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="identities", db_constraint=False
    )
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(max_length=200)
    """As it was given."""
    normal = models.CharField(max_length=200, db_collation="C")
    """The comparable form: E.164 for phones, lower case for the rest."""
    tail = Tail(max_length=200, db_collation="C", editable=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            # Also the look-up by identity, whole or by its beginning.
            models.UniqueConstraint(
                fields=["organization", "normal", "kind", "customer"], name="identity_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "tail"], name="identity_tail", condition=~Q(tail=""))
        ]


class NameKey(HouseModel):
    """One of the few keys that a customer's names are found by: a 64-bit hash (engines/identity/keys.py).

    Derived; written anew whenever a name changes (know/keys.py). Under row-level security PostgreSQL may use an index
    only with leak-proof operators, which trigram matching is not; comparisons of numbers are. The pair that tells rows
    apart is not indexed: an index of the hashes alone keeps what is equal once, and is half as large.
    """

    pk = models.CompositePrimaryKey("h", "customer")
    h = models.BigIntegerField()
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="name_keys", db_constraint=False
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["h"], name="name_key")]


class NameWord(HouseModel):
    """The vocabulary: every word that occurs in a name of the house, and about how many people have it.

    The count is renewed from time to time (know/jobs.py), not with every card: adding a Smith must not wait for
    whoever is adding another. The row with the empty word counts everybody.
    """

    h = models.BigIntegerField(primary_key=True)
    word = models.CharField(max_length=40, db_collation="C")
    people = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "word"], name="name_word_once"),
        ]


class NameSlip(HouseModel):
    """How a word of the vocabulary is found when it is mistyped or misheard: less one letter, by sound.

    As with the keys, what tells rows apart is not indexed. The word itself stands here: whoever looks for what was meant
    reads a hundred of these, and takes few.
    """

    pk = models.CompositePrimaryKey("h", "word")
    h = models.BigIntegerField()
    word = models.CharField(max_length=40, db_collation="C")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["h"], name="name_slip")]


class Sensitive(models.TextChoices):
    """What may be written down only with the customer's recorded consent."""

    HEALTH = "health", _("Health")
    RELIGION = "religion", _("Faith")
    MINORS = "minors", _("Children")
    MONEY = "money", _("Money")
    INTIMATE = "intimate", _("Intimate life")


class Consent(HouseModel):
    """What a customer has allowed, in the very words they were asked with."""

    class How(models.TextChoices):
        SPOKEN = "spoken", _("said so to us")
        PHONE = "phone", _("said so on the telephone")
        WRITTEN = "written", _("in writing")
        ONLINE = "online", _("on our pages")

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    sensitive = models.CharField(max_length=10, choices=Sensitive)
    wording = models.TextField()
    language = models.CharField(max_length=35)
    how = models.CharField(max_length=8, choices=How)
    given_by = models.CharField(max_length=120, blank=True)
    """Who gave it, when not the customer: a parent, say."""
    given_at = models.DateTimeField()
    staff = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    """Who wrote it down."""
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(wording=""), name="consent_has_wording"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_withdrawn_after",
            ),
        ]


class Note(HouseModel):
    """A claim about what matters to a customer: who learned it, from where, when, and what may be done with it."""

    class Kind(models.TextChoices):
        NEED = "need", _("Need")
        PREFERENCE = "preference", _("Preference")
        GOAL = "goal", _("Goal")
        PERSON = "person", _("Person")
        DATE = "date", _("Date")
        WISH = "wish", _("Wish")
        MOOD = "mood", _("Mood")
        FACT = "fact", _("Fact")

    class Source(models.TextChoices):
        SAID = "said", _("said so")
        SEEN = "seen", _("seen")
        BOUGHT = "bought", _("bought")
        INFERRED = "inferred", _("inferred")
        IMPORTED = "imported", _("imported")
        ACQUIRED = "acquired", _("bought-in data")

    class Polarity(models.IntegerChoices):
        AGAINST = -1, _("does not want it")
        NEITHER = 0, _("neither")
        FOR = 1, _("wants it")

    class Discretion(models.TextChoices):
        OPEN = "open", _("may be mentioned")
        QUIET = "quiet", _("do it, do not say it")
        KEEPER = "keeper", _("for its keeper only")

    class Purpose(models.TextChoices):
        SERVICE = "service", _("to serve them well")
        SAFETY = "safety", _("to keep them from harm")
        CONTACT = "contact", _("to stay in touch")
        LEGAL = "legal", _("because the law asks for it")

    class Relation(models.TextChoices):
        PARTNER = "partner", _("partner")
        FORMER_PARTNER = "former", _("former partner")
        CHILD = "child", _("child")
        PARENT = "parent", _("parent")
        RELATIVE = "relative", _("relative")
        FRIEND = "friend", _("friend")
        COLLEAGUE = "colleague", _("colleague")
        PET = "pet", _("pet")
        OTHER = "other", _("somebody else")

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FACT)
    text = models.TextField()
    source = models.CharField(max_length=8, choices=Source, default=Source.SAID)
    author = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    place = models.ForeignKey(
        "rugui.Place", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    learned_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=120, null=True, blank=True, db_collation="C")

    topic = models.CharField(max_length=40, blank=True, default="", db_default="", db_collation="C")
    """What it is about, as a slug that contradictions and half-lives go by: "coffee", "pillow"."""
    value = models.CharField(max_length=80, blank=True, default="", db_default="")
    """Which of the topic, where only one can be true: "firm" of "pillow"."""
    polarity = models.SmallIntegerField(
        choices=Polarity, default=Polarity.NEITHER, db_default=Polarity.NEITHER.value
    )
    standing = models.BooleanField(default=True, db_default=True)
    """Holds until we learn otherwise; if not, it was so once (at `visit`, where known)."""
    visit = models.ForeignKey(
        "rugui.Visit", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    discretion = models.CharField(
        max_length=6, choices=Discretion, default=Discretion.OPEN, db_default=Discretion.OPEN.value
    )
    sensitive = models.CharField(
        max_length=10, choices=[("", ""), *Sensitive.choices], blank=True, default="", db_default=""
    )
    consent = models.ForeignKey(
        Consent, null=True, blank=True, on_delete=models.CASCADE, related_name="notes", db_index=False
    )
    purpose = models.CharField(
        max_length=8, choices=Purpose, default=Purpose.SERVICE, db_default=Purpose.SERVICE.value
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmations = models.PositiveSmallIntegerField(default=0, db_default=0)
    struck_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="strikes", db_index=False
    )
    """The newer claim that contradicts this one, or None."""
    happens_on = models.CharField(max_length=10, blank=True, default="", db_default="", db_collation="C")
    """A day with its year or without: "1985-03-08", "--03-08"."""
    happens_lunar = models.BooleanField(default=False, db_default=False)
    """`happens_on` counts by the traditional Chinese calendar."""
    person = models.CharField(max_length=120, blank=True, default="", db_default="")
    relation = models.CharField(
        max_length=9, choices=[("", ""), *Relation.choices], blank=True, default="", db_default=""
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "external_id"],
                condition=Q(external_id__isnull=False),
                name="note_external_id",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="note_has_text"),
            models.CheckConstraint(condition=Q(polarity__in=[-1, 0, 1]), name="note_polarity"),
            models.CheckConstraint(
                condition=Q(discretion__in=["open", "quiet", "keeper"]), name="note_discretion"
            ),
            models.CheckConstraint(
                condition=~Q(source__in=["inferred", "acquired"]) | ~Q(discretion="open"),
                name="note_guesses_stay_unsaid",
            ),
            models.CheckConstraint(
                condition=Q(sensitive="") | Q(consent__isnull=False), name="note_sensitive_has_consent"
            ),
            models.CheckConstraint(
                condition=Q(happens_on="") | Q(happens_on__regex=r"^([0-9]{4}|-)-[0-9]{2}-[0-9]{2}$"),
                name="note_happens_on",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=models.F("valid_from")),
                name="note_valid_in_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-learned_at"], name="note_customer"),
            # Today: what was learned since yesterday.
            models.Index(fields=["organization", "-learned_at"], name="note_recent"),
            # Most notes name none of these; what points at a row is found when that row goes.
            models.Index(fields=["visit"], name="note_visit", condition=Q(visit__isnull=False)),
            models.Index(fields=["consent"], name="note_consent", condition=Q(consent__isnull=False)),
            models.Index(fields=["struck_by"], name="note_struck_by", condition=Q(struck_by__isnull=False)),
        ]


class ClaimCheck(HouseModel):
    """That a claim of a topic was asked about again, and whether it still held. Of no customer: half-lives learn from it."""

    id = models.BigAutoField(primary_key=True)
    topic = models.CharField(max_length=40, db_collation="C")
    held = models.BooleanField()
    days = models.FloatField()
    """Since it was learned or last confirmed."""
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organization", "topic"], name="claim_check_topic")]


class HalfLife(HouseModel):
    """How long claims of a topic hold in this house, learned from its own re-confirmations."""

    id = models.BigAutoField(primary_key=True)
    topic = models.CharField(max_length=40, db_collation="C")
    days = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    """Between which it lies nine times in ten."""
    checks = models.PositiveIntegerField()
    learned_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "topic"], name="half_life_once")
        ]


class Surprise(HouseModel):
    """A gesture planned in secret, checked for what speaks against it; a risky one needs a second person."""

    class State(models.TextChoices):
        CLEAR = "clear", _("nothing speaks against it")
        WAITING = "waiting", _("waits for a second person")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("not to be done")
        DROPPED = "dropped", _("dropped")
        LAPSED = "lapsed", _("nobody looked at it in time")

    class Audience(models.TextChoices):
        ALONE = "alone", _("nobody else")
        COMPANY = "company", _("the people with them")
        PUBLIC = "public", _("strangers too")

    class Outcome(models.TextChoices):
        DELIGHTED = "delighted", _("delighted")
        FINE = "fine", _("fine")
        UNEASY = "uneasy", _("uneasy")

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="surprises")
    place = models.ForeignKey("rugui.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    gesture = models.TextField()
    topics = models.JSONField(default=list)
    audience = models.CharField(max_length=8, choices=Audience)
    others = models.JSONField(default=list)
    """Row numbers of other customers who will be there."""
    planned_on = models.DateField()
    state = models.CharField(max_length=8, choices=State)
    reasons = models.CharField(max_length=32)
    """Digest of the reasons that stood against it when it was proposed: who approves has seen the same."""
    proposed_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "rugui.Staff", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    """Until when a second person must have looked, else it is not to be done."""
    outcome = models.CharField(max_length=9, choices=[("", ""), *Outcome.choices], blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "place"], name="surprise_waiting", condition=Q(state="waiting")
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(gesture=""), name="surprise_has_gesture"),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(decided_by=models.F("proposed_by")),
                name="surprise_two_people",
            ),
        ]
