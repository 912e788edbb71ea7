-- What a recovery case may become, held by the database whatever a program does. Applied with the roles and policies.

-- Open, solved, closed, and back. It is solved only with its solution told, closed only when each step was walked or left out
-- with a reason (a step that was neither has no row).
CREATE OR REPLACE FUNCTION rugui_case_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE missing text;
BEGIN
    IF NEW.state = 'closed' AND (TG_OP = 'INSERT' OR OLD.state = 'open') THEN
        RAISE EXCEPTION 'A case is solved before it is closed.'
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'case_moves';
    END IF;
    SELECT string_agg(needed.step, ', ') INTO missing
    FROM unnest(
        CASE NEW.state
            WHEN 'closed' THEN ARRAY['apologise', 'review', 'fix', 'delight', 'document', 'share', 'follow_up']
            ELSE ARRAY['fix']
        END
    ) AS needed (step)
    WHERE NOT EXISTS (SELECT FROM rugui_casestep s WHERE s.case_id = NEW.id AND s.step = needed.step);
    IF missing IS NOT NULL AND TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'A case cannot be % without: %.', NEW.state, missing
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'case_steps';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER case_moves BEFORE INSERT OR UPDATE OF state ON rugui_case
    FOR EACH ROW WHEN (NEW.state <> 'open') EXECUTE FUNCTION rugui_case_moves();

-- Nor does a step of a closed case go away while the case stays. Asked at the end, so that a whole case may be erased.
CREATE OR REPLACE FUNCTION rugui_step_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM rugui_case c WHERE c.id = OLD.case_id AND c.state = 'closed')
        AND NOT EXISTS (SELECT FROM rugui_casestep s WHERE s.case_id = OLD.case_id AND s.step = OLD.step) THEN
        RAISE EXCEPTION 'The case is closed: its steps stay.'
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'case_steps';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS step_stays ON rugui_casestep;
CREATE CONSTRAINT TRIGGER step_stays AFTER DELETE OR UPDATE OF step, case_id ON rugui_casestep
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rugui_step_stays();

-- What has ended does not begin again; what a customer has chosen stays chosen.
CREATE OR REPLACE FUNCTION rugui_stays_as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'This was decided, and stays.'
        USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
END $$;
CREATE OR REPLACE TRIGGER hand_over_stays_ended BEFORE UPDATE OF state ON rugui_handover
    FOR EACH ROW WHEN (OLD.state <> 'waiting' AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION rugui_stays_as_it_is();
CREATE OR REPLACE TRIGGER choice_stays_chosen BEFORE UPDATE OF chosen_at ON rugui_casechoice
    FOR EACH ROW WHEN (OLD.chosen_at IS NOT NULL AND NEW.chosen_at IS DISTINCT FROM OLD.chosen_at)
    EXECUTE FUNCTION rugui_stays_as_it_is();
