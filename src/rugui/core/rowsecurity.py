"""Roles, rights and row-level security, applied by the owner after every migration. Idempotent.

- `rugui_app` sees and changes the rows of the organization that its transaction has named, nothing else,
  and cannot change or delete the journal or the ledger, nor write the ledger's totals (ledger.sql).
- A note for its keeper only is seen by the member of staff who wrote it, not by others who have come in; an exercise by who
  has practised, until they share it; what was seen of somebody's work by them, by who saw it, and by who leads the place.
- `rugui_clock` sees promises of every organization, because time passes for all of them; it may
  break promises, let hand-overs of cases come back, ring, write the journal and defer jobs.
- `rugui_live` reads which things changed in the journal of every organization, to tell the screens; what
  was changed (the payload) and every other table of the house are not granted.
- `rugui_guest` is a customer on the page of one case: that case, its messages, promises, what it may choose from, and which
  steps were done when. What was written in a step, internal talk, notes and every other table are simply not granted.
- `rugui_own` is a customer on the page of all that is held of them: the rows of that one customer, and of those only
  what is theirs. Who wrote a note, internal talk and planned surprises are not granted.
"""

from __future__ import annotations

from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import atomic

from ..config import config
from . import references

ENTER = Path(__file__).with_name("enter.sql")
LEDGER = Path(__file__).with_name("ledger.sql")
CASES = Path(__file__).with_name("cases.sql")
SHEETS = Path(__file__).with_name("sheets.sql")
ORGANIZATION = "nullif(current_setting('rugui.organization', true), '')::bigint"
CASE = "nullif(current_setting('rugui.case', true), '')::bigint"
CUSTOMER = "nullif(current_setting('rugui.customer', true), '')::bigint"
USER = "nullif(current_setting('rugui.user', true), '')::bigint"
STAFF = "nullif(current_setting('rugui.staff', true), '')::bigint"
"""The member of staff who has come in; null for the house's own hands (import, jobs, `tenancy.as_the_house()`)."""
KEY = "decode(nullif(current_setting('rugui.key', true), ''), 'hex')"

NOT_AMONG_US = "kind NOT IN ('leave', 'story')"
"""Of promises, those that are owed to the customer and not to a colleague."""

GUEST_STEPS = "('apologise', 'review', 'fix', 'document')"
CLOCK_READS = ["rugui_place", "rugui_staff", "rugui_assignment", "rugui_duty", "rugui_organization"]
LIVE_READS = "id, organization_id, at, transaction, kind, place_id, customer_id, case_id, subject_id"
GUEST_READS = {
    "rugui_organization": ("id, name, currency, customer_word, trade, language", f"id = {ORGANIZATION}"),
    "rugui_place": ("id, organization_id, name, timezone", f"organization_id = {ORGANIZATION}"),
    "rugui_case": (
        "id, organization_id, place_id, title, language, state, opened_at, solved_at, closed_at",
        f"organization_id = {ORGANIZATION} AND id = {CASE}",
    ),
    "rugui_casemessage": (
        "id, organization_id, case_id, kind, direction, text, at, signed",
        f"organization_id = {ORGANIZATION} AND case_id = {CASE}",
    ),
    "rugui_casestep": (
        "id, organization_id, case_id, step, done_at",
        # What was left out, the extra, and what comes after it are ours.
        f"organization_id = {ORGANIZATION} AND case_id = {CASE} AND NOT skipped AND step IN {GUEST_STEPS}",
    ),
    "rugui_casechoice": (
        "id, organization_id, case_id, offer, number, text, chosen_at",
        f"organization_id = {ORGANIZATION} AND case_id = {CASE} AND withdrawn_at IS NULL",
    ),
    "rugui_promise": (
        # Not our own time for it: only the one that they were told.
        "id, organization_id, case_id, kind, made_at, told_at, state, settled_at, paused_at, waits_for",
        f"organization_id = {ORGANIZATION} AND case_id = {CASE} AND {NOT_AMONG_US}",
    ),
}
OWN_NOTE = (
    "id, organization_id, customer_id, kind, text, source, learned_at, confirmed_at, withdrawn_at, discretion, sensitive,"
    " purpose, valid_from, valid_until, happens_on, struck_by_id"
)
_THEIRS = f"organization_id = {ORGANIZATION} AND customer_id = {CUSTOMER}"
OWN_READS = {
    "rugui_organization": GUEST_READS["rugui_organization"],
    "rugui_place": GUEST_READS["rugui_place"],
    "rugui_customer": (
        "id, organization_id, name, address_as, language, languages, pronunciation, quiet, external_id, merged_into_id, created_at",
        f"organization_id = {ORGANIZATION} AND (id = {CUSTOMER} OR merged_into_id = {CUSTOMER})",
    ),
    "rugui_identity": ("id, organization_id, customer_id, kind, value, created_at", _THEIRS),
    "rugui_note": (OWN_NOTE, _THEIRS),
    "rugui_consent": (
        "id, organization_id, customer_id, sensitive, wording, language, how, given_by, given_at, withdrawn_at", _THEIRS,
    ),
    "rugui_visit": (
        "id, organization_id, place_id, customer_id, kind, state, about, expected_at, expected_until, arrived_at, left_at",
        _THEIRS,
    ),
    "rugui_touch": ("id, organization_id, customer_id, place_id, channel, direction, text, at", _THEIRS),
    "rugui_purchase": (
        "id, organization_id, customer_id, place_id, kind, amount, currency, about, at", _THEIRS,
    ),
    "rugui_promise": (
        "id, organization_id, customer_id, place_id, kind, text, made_at, due_at, told_at, state, settled_at, paused_at, waits_for",
        f"{_THEIRS} AND {NOT_AMONG_US}",
    ),
    "rugui_case": ("id, organization_id, customer_id, place_id, title, state, opened_at, solved_at, closed_at", _THEIRS),
    "rugui_casemessage": (
        "id, organization_id, case_id, kind, direction, text, at",
        f"organization_id = {ORGANIZATION} AND case_id IN (SELECT c.id FROM rugui_case c)",  # noqa: S608  theirs alone are seen
    ),
    "rugui_erasure": ("id, organization_id, customer_id, asked_at, due_at, at", _THEIRS),
    "rugui_keeping": ("id, organization_id, kind, basis, why, months", f"organization_id = {ORGANIZATION}"),
}  # fmt: skip

ROLES = """
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['rugui_app', 'rugui_clock', 'rugui_live', 'rugui_guest', 'rugui_own'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- two installations migrating at once
            END;
        END IF;
    END LOOP;
END $$;
GRANT rugui_guest, rugui_own TO rugui_app;
GRANT rugui_app, rugui_clock, rugui_live TO CURRENT_USER;
"""

# On a server of one's own these roles are taken on by whoever may log in there, and open no door themselves. The
# embedded server lets its one operating-system user log in as each of them.
LOGINS = "ALTER ROLE rugui_app LOGIN; ALTER ROLE rugui_clock LOGIN; ALTER ROLE rugui_live LOGIN"

JOURNAL_IS_APPEND_ONLY = """
CREATE OR REPLACE FUNCTION rugui_journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON rugui_journalentry
    FOR EACH ROW EXECUTE FUNCTION rugui_journal_is_append_only();
CREATE OR REPLACE TRIGGER journal_never_truncated BEFORE TRUNCATE ON rugui_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION rugui_journal_is_append_only();
"""

# PostgreSQL folds equal notifications of one transaction into one; listeners then read the journal's tail.
JOURNAL_IS_HEARD = """
CREATE OR REPLACE FUNCTION rugui_journal_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('rugui_journal', '');
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER journal_heard AFTER INSERT ON rugui_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION rugui_journal_notify();
"""

# The clock sleeps until the next ring; a promise that rings earlier than all others must wake it.
PROMISE_WAKES_THE_CLOCK = """
CREATE OR REPLACE FUNCTION rugui_promise_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('rugui_clock', '');
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER promise_wakes_clock AFTER INSERT OR UPDATE OF ring_at ON rugui_promise
    FOR EACH STATEMENT WHEN (current_user <> 'rugui_clock') EXECUTE FUNCTION rugui_promise_notify();
"""


def apply(connection: BaseDatabaseWrapper) -> None:
    """Makes the roles, grants and policies what this module says. Run by the owner of the tables."""
    with atomic(using=connection.alias), connection.cursor() as cursor:
        run = cursor.execute
        run(ROLES)
        if config().database_url is None:
            run(LOGINS)
        run("GRANT USAGE ON SCHEMA public TO rugui_app, rugui_clock, rugui_live, rugui_guest, rugui_own")
        run(
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM rugui_app, rugui_clock, rugui_live, rugui_guest, rugui_own"
        )
        run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO rugui_app")
        run("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO rugui_app, rugui_clock")
        run("REVOKE INSERT, UPDATE, DELETE ON rugui_installation, django_migrations FROM rugui_app")
        run("REVOKE UPDATE, DELETE ON rugui_journalentry FROM rugui_app")
        for statement in (
            JOURNAL_IS_APPEND_ONLY,
            JOURNAL_IS_HEARD,
            PROMISE_WAKES_THE_CLOCK,
            ENTER.read_text(),
            LEDGER.read_text(),
            CASES.read_text(),
            SHEETS.read_text(),
        ):
            run(statement)
        references.apply(run)
        _isolate_organizations(cursor)
        _leave_notes_to_their_keepers(cursor)
        _leave_exercises_to_their_learners(cursor)
        _leave_observations_to_whom_they_concern(cursor)
        _let_the_clock_work(cursor)
        _let_the_live_stream_read(cursor)
        _let_guests_see_their_case(cursor)
        _let_customers_see_what_is_theirs(cursor)


def tables_of_organizations(cursor: object) -> list[str]:
    """Every table with an `organization_id` column."""
    cursor.execute(  # type: ignore[attr-defined]
        """
        SELECT c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
        """
    )
    return [row[0] for row in cursor.fetchall()]  # type: ignore[attr-defined]


def _policy(cursor: object, table: str, name: str, text: str) -> None:
    cursor.execute(f"DROP POLICY IF EXISTS {name} ON {table}")  # type: ignore[attr-defined]
    cursor.execute(f"CREATE POLICY {name} ON {table} {text}")  # type: ignore[attr-defined]


def _isolate_organizations(cursor: object) -> None:
    for table in [*tables_of_organizations(cursor), "rugui_organization"]:
        column = "id" if table == "rugui_organization" else "organization_id"
        cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")  # type: ignore[attr-defined]
        _policy(cursor, table, "own_organization", f"TO rugui_app USING ({column} = {ORGANIZATION})")
    _policy(cursor, "rugui_key", "known_key", f"FOR SELECT TO rugui_app USING (hash = {KEY})")
    _policy(cursor, "rugui_staff", "own_staff", f"FOR SELECT TO rugui_app USING (user_id = {USER})")


def _leave_notes_to_their_keepers(cursor: object) -> None:
    """A note that is for its keeper only is not there for any other member of staff, whatever a query says."""
    _policy(
        cursor,
        "rugui_note",
        "keepers_own",
        f"AS RESTRICTIVE TO rugui_app USING (discretion <> 'keeper' OR author_id = {STAFF} OR {STAFF} IS NULL)",
    )


def _leave_exercises_to_their_learners(cursor: object) -> None:
    """What somebody has practised is there for nobody else until they share it."""
    _policy(
        cursor,
        "rugui_practice",
        "learners_own",
        f"AS RESTRICTIVE TO rugui_app USING (staff_id = {STAFF} OR shared_at IS NOT NULL OR {STAFF} IS NULL)",
    )


def _leave_observations_to_whom_they_concern(cursor: object) -> None:
    """What was seen of somebody's work is there for them, for whoever saw it, and for who leads the place; for nobody else.

    A role at a place stands before one for every place, as in `house.access.Actor.role_at`.
    """
    roles = f"SELECT FROM rugui_assignment a WHERE a.staff_id = {STAFF}"
    here = "a.place_id = rugui_observation.place_id"
    leads = (
        f"EXISTS ({roles} AND {here} AND a.role IN ('owner', 'manager')) OR ("
        f"EXISTS ({roles} AND a.place_id IS NULL AND a.role IN ('owner', 'manager')) AND NOT EXISTS ({roles} AND {here}))"
    )
    _policy(
        cursor,
        "rugui_observation",
        "concerned",
        f"AS RESTRICTIVE TO rugui_app USING (staff_id = {STAFF} OR observer_id = {STAFF} OR {STAFF} IS NULL OR {leads})",
    )
    seen = "EXISTS (SELECT FROM rugui_observation o WHERE o.id = rugui_observedmark.observation_id)"
    _policy(cursor, "rugui_observedmark", "concerned", f"AS RESTRICTIVE TO rugui_app USING ({seen})")


def _let_the_clock_work(cursor: object) -> None:
    run = cursor.execute  # type: ignore[attr-defined]
    run("GRANT SELECT, UPDATE (state, ring_at) ON rugui_promise TO rugui_clock")
    run("GRANT SELECT, INSERT ON rugui_ring TO rugui_clock")
    run("GRANT INSERT ON rugui_journalentry TO rugui_clock")
    run("GRANT SELECT, INSERT, UPDATE, DELETE ON rugui_heartbeat TO rugui_clock")
    run("GRANT SELECT, INSERT, UPDATE ON procrastinate_jobs, procrastinate_events TO rugui_clock")
    run("GRANT SELECT, UPDATE (state, ended_at) ON rugui_handover TO rugui_clock")
    run("GRANT SELECT (id, organization_id, customer_id, owner_id) ON rugui_case TO rugui_clock")
    _policy(cursor, "rugui_case", "clock", "FOR SELECT TO rugui_clock USING (true)")
    for table in ["rugui_promise", "rugui_ring", "rugui_journalentry", "rugui_handover"]:
        _policy(cursor, table, "clock", "TO rugui_clock USING (true) WITH CHECK (true)")
    for table in CLOCK_READS:
        run(f"GRANT SELECT ON {table} TO rugui_clock")
        _policy(cursor, table, "clock", "FOR SELECT TO rugui_clock USING (true)")


def _let_the_live_stream_read(cursor: object) -> None:
    run = cursor.execute  # type: ignore[attr-defined]
    run(f"GRANT SELECT ({LIVE_READS}) ON rugui_journalentry TO rugui_live")
    run("GRANT SELECT (id_key) ON rugui_installation TO rugui_live")
    run("GRANT SELECT, INSERT, UPDATE, DELETE ON rugui_heartbeat TO rugui_live")
    _policy(cursor, "rugui_journalentry", "live", "FOR SELECT TO rugui_live USING (true)")


def _let_guests_see_their_case(cursor: object) -> None:
    for table, (columns, condition) in GUEST_READS.items():
        cursor.execute(f"GRANT SELECT ({columns}) ON {table} TO rugui_guest")  # type: ignore[attr-defined]
        _policy(cursor, table, "guest", f"FOR SELECT TO rugui_guest USING ({condition})")


def _let_customers_see_what_is_theirs(cursor: object) -> None:
    for table, (columns, condition) in OWN_READS.items():
        cursor.execute(f"GRANT SELECT ({columns}) ON {table} TO rugui_own")  # type: ignore[attr-defined]
        _policy(cursor, table, "own", f"FOR SELECT TO rugui_own USING ({condition})")
