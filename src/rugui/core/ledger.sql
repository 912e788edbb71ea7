-- The ledger of what was given to put things right, kept by the database alone.
--
-- An entry and its lines are inserted in one transaction and never change. At its end the lines add up to nothing. What is
-- drawn on somebody's trust is added to two running totals (of the case, and of the person's month at the place's own
-- clock), whose rows are the lock: of two at once the second waits, sees the first, and is refused when the limit of its
-- role is reached. What the house pays needs a leave that was granted for exactly that. A mistake is reversed by a new
-- entry that mirrors the first and gives back what it drew.
--
-- The functions run with the rights of the tables' owner, so that nobody else need be able to write the totals.
-- The order of locks is always case, then month.
CREATE OR REPLACE FUNCTION rugui_ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE OR REPLACE FUNCTION rugui_ledger_entry_begins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    original rugui_ledgerentry%ROWTYPE;
    zone text;
BEGIN
    NEW.transaction := pg_current_xact_id()::text::bigint;
    NEW.written_at := clock_timestamp();
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT e.* INTO original FROM rugui_ledgerentry e
            WHERE e.id = NEW.reverses_id AND e.organization_id = NEW.organization_id;
        IF NOT FOUND OR original.reverses_id IS NOT NULL THEN
            RAISE EXCEPTION 'Only an entry that is no reversal itself can be reversed.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_reversible';
        END IF;
        NEW.month := original.month;
        NEW.place_id := original.place_id;
        NEW.case_number := original.case_number;
        NEW.currency := original.currency;
        NEW.paid_amount := original.paid_amount;
        NEW.paid_currency := original.paid_currency;
        NEW.rate := original.rate;
        NEW.leave_number := NULL;
        RETURN NEW;
    END IF;
    SELECT p.timezone INTO zone FROM rugui_case c
        JOIN rugui_place p ON p.id = c.place_id AND p.organization_id = c.organization_id
        WHERE c.id = NEW.case_number AND c.organization_id = NEW.organization_id AND p.id = NEW.place_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no such case at this place.'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entry_of_case';
    END IF;
    PERFORM FROM rugui_organization o WHERE o.id = NEW.organization_id AND o.currency = NEW.currency;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'The books are kept in the currency of the organization.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_currency';
    END IF;
    NEW.month := date_trunc('month', NEW.at AT TIME ZONE zone)::date;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION rugui_ledger_line_counts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    entry rugui_ledgerentry%ROWTYPE;
    held text;
    allowed rugui_trustlimit%ROWTYPE;
    on_case bigint;
    in_month bigint;
BEGIN
    SELECT e.* INTO entry FROM rugui_ledgerentry e
        WHERE e.id = NEW.entry_id AND e.organization_id = NEW.organization_id;
    IF NOT FOUND OR entry.transaction <> pg_current_xact_id()::text::bigint THEN
        RAISE EXCEPTION 'Lines belong to an entry of the same transaction.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'line_of_entry';
    END IF;
    IF entry.reverses_id IS NOT NULL THEN
        PERFORM FROM rugui_ledgerline l WHERE l.entry_id = entry.reverses_id AND l.account = NEW.account
            AND l.staff_id IS NOT DISTINCT FROM NEW.staff_id AND l.amount = -NEW.amount;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'A reversal mirrors what it reverses.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'line_mirrors';
        END IF;
    ELSIF (NEW.account IN ('allowance', 'house')) <> (NEW.amount < 0) THEN
        RAISE EXCEPTION 'What money was for is positive, whose it was is negative.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'line_sign';
    ELSIF NEW.account = 'house' THEN
        PERFORM FROM rugui_leave l WHERE l.id = entry.leave_number AND l.organization_id = entry.organization_id
            AND l.state = 'granted' AND l.case_id = entry.case_number AND l.asked_by_id = entry.staff_id
            AND l.amount = -NEW.amount AND l.currency = entry.currency;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'The house pays what was granted, to whom it was granted.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'line_leave';
        END IF;
    END IF;
    IF NEW.account <> 'allowance' THEN
        RETURN NULL;
    END IF;

    IF entry.reverses_id IS NOT NULL THEN
        UPDATE rugui_trustcase SET spent = spent - NEW.amount
            WHERE organization_id = entry.organization_id AND case_number = entry.case_number AND currency = entry.currency;
        UPDATE rugui_trustmonth SET spent = spent - NEW.amount
            WHERE organization_id = entry.organization_id AND staff_id = NEW.staff_id AND month = entry.month
                AND currency = entry.currency;
        RETURN NULL;
    END IF;
    INSERT INTO rugui_trustcase AS t (organization_id, case_number, currency, spent)
        VALUES (entry.organization_id, entry.case_number, entry.currency, -NEW.amount)
        ON CONFLICT (organization_id, case_number, currency) DO UPDATE SET spent = t.spent + excluded.spent
        RETURNING t.spent INTO on_case;
    INSERT INTO rugui_trustmonth AS t (organization_id, staff_id, month, currency, spent)
        VALUES (entry.organization_id, NEW.staff_id, entry.month, entry.currency, -NEW.amount)
        ON CONFLICT (organization_id, staff_id, month, currency) DO UPDATE SET spent = t.spent + excluded.spent
        RETURNING t.spent INTO in_month;

    IF NEW.staff_id <> entry.staff_id THEN
        RAISE EXCEPTION 'Nobody spends the trust of another.' USING ERRCODE = 'check_violation', CONSTRAINT = 'line_own';
    END IF;
    SELECT a.role INTO held FROM rugui_assignment a JOIN rugui_staff s ON s.id = a.staff_id AND s.active
        WHERE a.organization_id = entry.organization_id AND a.staff_id = entry.staff_id
            AND (a.place_id = entry.place_id OR a.place_id IS NULL)
        ORDER BY a.place_id NULLS LAST LIMIT 1;
    SELECT t.* INTO allowed FROM rugui_trustlimit t
        WHERE t.organization_id = entry.organization_id AND t.role = held AND held <> 'analyst';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'No money was entrusted to this role.' USING ERRCODE = 'check_violation', CONSTRAINT = 'trust_none';
    END IF;
    IF on_case > allowed.per_case THEN
        RAISE EXCEPTION 'Beyond the limit of a case.' USING ERRCODE = 'check_violation', CONSTRAINT = 'trust_per_case';
    END IF;
    IF in_month > allowed.per_month THEN
        RAISE EXCEPTION 'Beyond the limit of a month.' USING ERRCODE = 'check_violation', CONSTRAINT = 'trust_per_month';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION rugui_ledger_is_balanced() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    number bigint;
    lines int;
    total numeric;
    mirrored int;
BEGIN
    IF TG_TABLE_NAME = 'rugui_ledgerentry' THEN
        number := NEW.id;
    ELSE
        number := NEW.entry_id;
    END IF;
    SELECT count(*), coalesce(sum(l.amount), 0) INTO lines, total FROM rugui_ledgerline l WHERE l.entry_id = number;
    IF lines < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'The lines of an entry add up to nothing.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_balanced';
    END IF;
    SELECT count(*) INTO mirrored FROM rugui_ledgerentry e JOIN rugui_ledgerline l ON l.entry_id = e.reverses_id
        WHERE e.id = number;
    IF mirrored > 0 AND mirrored <> lines THEN
        RAISE EXCEPTION 'A reversal reverses all of it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_reversed_whole';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON rugui_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION rugui_ledger_is_append_only();
CREATE OR REPLACE TRIGGER ledger_line_append_only BEFORE UPDATE OR DELETE ON rugui_ledgerline
    FOR EACH ROW EXECUTE FUNCTION rugui_ledger_is_append_only();
CREATE OR REPLACE TRIGGER ledger_entry_never_truncated BEFORE TRUNCATE ON rugui_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION rugui_ledger_is_append_only();
CREATE OR REPLACE TRIGGER ledger_line_never_truncated BEFORE TRUNCATE ON rugui_ledgerline
    FOR EACH STATEMENT EXECUTE FUNCTION rugui_ledger_is_append_only();
CREATE OR REPLACE TRIGGER ledger_entry_begins BEFORE INSERT ON rugui_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION rugui_ledger_entry_begins();
CREATE OR REPLACE TRIGGER ledger_line_counts AFTER INSERT ON rugui_ledgerline
    FOR EACH ROW EXECUTE FUNCTION rugui_ledger_line_counts();
DROP TRIGGER IF EXISTS ledger_entry_balanced ON rugui_ledgerentry;
CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON rugui_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rugui_ledger_is_balanced();
DROP TRIGGER IF EXISTS ledger_line_balanced ON rugui_ledgerline;
CREATE CONSTRAINT TRIGGER ledger_line_balanced AFTER INSERT ON rugui_ledgerline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rugui_ledger_is_balanced();

REVOKE UPDATE, DELETE ON rugui_ledgerentry, rugui_ledgerline FROM rugui_app;
REVOKE INSERT, UPDATE, DELETE ON rugui_trustmonth, rugui_trustcase FROM rugui_app;
