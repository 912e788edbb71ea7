-- Sheets of how a day's promises were kept (promise/sheets.py) never say anything else than the promises themselves.
--
-- Whoever changes a promise that has ended, or ends one, notes in the same transaction that the sheet of its day is stale; such
-- notes are only ever added, so that nobody waits for anybody. Until it ends, the transaction shares a lock of the place, which
-- whoever writes sheets must have alone: what they read has then no change under way, and what begins later finds their sheets.
-- It holds in transactions that read what is committed (all of ours).
--
-- What a sheet says must all be named in the comparison below: of a running promise it says nothing.
CREATE OR REPLACE FUNCTION rugui_sheet_is_stale(organization bigint, place bigint, days date[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('rugui.sheets'), (place % 2147483647)::int);
    INSERT INTO rugui_daysheet (organization_id, place_id, day, form)
    SELECT s.organization_id, s.place_id, s.day, s.form FROM rugui_daysheet s
    WHERE s.organization_id = organization AND s.place_id = place AND s.day = ANY (days) AND s.packed IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM rugui_daysheet n
            WHERE n.organization_id = organization AND n.place_id = place AND n.day = s.day AND n.packed IS NULL
        );
END $$;

CREATE OR REPLACE FUNCTION rugui_promises_have_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM rugui_sheet_is_stale(c.organization_id, c.place_id, array_agg(DISTINCT (c.due_at AT TIME ZONE 'UTC')::date))
    FROM (
        (
            SELECT organization_id, place_id, id, owner_id, kind, channel, priority, state, made_at, due_at, settled_at, told_at
            FROM before WHERE state <> 'open'
            EXCEPT
            SELECT organization_id, place_id, id, owner_id, kind, channel, priority, state, made_at, due_at, settled_at, told_at
            FROM after WHERE state <> 'open'
        )
        UNION ALL
        (
            SELECT organization_id, place_id, id, owner_id, kind, channel, priority, state, made_at, due_at, settled_at, told_at
            FROM after WHERE state <> 'open'
            EXCEPT
            SELECT organization_id, place_id, id, owner_id, kind, channel, priority, state, made_at, due_at, settled_at, told_at
            FROM before WHERE state <> 'open'
        )
    ) c
    GROUP BY c.organization_id, c.place_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION rugui_promise_came_or_went() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE row rugui_promise%ROWTYPE := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    PERFORM rugui_sheet_is_stale(row.organization_id, row.place_id, ARRAY[(row.due_at AT TIME ZONE 'UTC')::date]);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER sheets_of_changed AFTER UPDATE ON rugui_promise REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION rugui_promises_have_changed();
CREATE OR REPLACE TRIGGER sheets_of_added AFTER INSERT ON rugui_promise
    FOR EACH ROW WHEN (NEW.state <> 'open') EXECUTE FUNCTION rugui_promise_came_or_went();
CREATE OR REPLACE TRIGGER sheets_of_gone AFTER DELETE ON rugui_promise
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION rugui_promise_came_or_went();
