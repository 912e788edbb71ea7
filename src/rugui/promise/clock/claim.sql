-- Claims what is due and rings it: moves the promises, writes their rings and their journal rows, all or nothing.
--
-- What is urgent goes first: of many that ring at once, urgent and short promises that break (rank 0), then other
-- breaks (1), then warnings (2). A lower rank is not even looked at while there is much of a higher one, and is taken in
-- smaller batches, between which the clock rests: whoever asks for a page then is served first. Each limit is
-- written out, because a planner that does not know it may prepare for a third of the table and read all of it.
-- NO KEY UPDATE is the lock that an UPDATE of these columns takes: a new promise that renews this one, still
-- uncommitted, does not hide it. A row that somebody is just changing is skipped and looked at again.
WITH urgent AS MATERIALIZED (
    SELECT id, rank, state, settled_at, ring_at, warn_at, warn_more, due_at, rise_at, warn_to, due_to, rise_to
    FROM rugui_promise
    WHERE rank = 0 AND ring_at <= %(now)s
        AND id <> ALL (%(skip)s::bigint[])
        AND (%(only)s::bigint IS NULL OR id = %(only)s::bigint)
    ORDER BY ring_at
    LIMIT 1000
    FOR NO KEY UPDATE SKIP LOCKED
),
breaking AS MATERIALIZED (
    SELECT id, rank, state, settled_at, ring_at, warn_at, warn_more, due_at, rise_at, warn_to, due_to, rise_to
    FROM rugui_promise
    WHERE (SELECT count(*) FROM urgent) < 500
        AND rank = 1 AND ring_at <= %(now)s
        AND id <> ALL (%(skip)s::bigint[])
        AND (%(only)s::bigint IS NULL OR id = %(only)s::bigint)
    ORDER BY ring_at
    LIMIT 500
    FOR NO KEY UPDATE SKIP LOCKED
),
warning AS MATERIALIZED (
    SELECT id, rank, state, settled_at, ring_at, warn_at, warn_more, due_at, rise_at, warn_to, due_to, rise_to
    FROM rugui_promise
    WHERE (SELECT count(*) FROM urgent) < 500 AND (SELECT count(*) FROM breaking) < 500
        AND rank = 2 AND ring_at <= %(now)s
        AND id <> ALL (%(skip)s::bigint[])
        AND (%(only)s::bigint IS NULL OR id = %(only)s::bigint)
    ORDER BY ring_at
    LIMIT 500
    FOR NO KEY UPDATE SKIP LOCKED
),
chosen AS (
    SELECT * FROM urgent UNION ALL SELECT * FROM breaking UNION ALL SELECT * FROM warning
),
counted AS (
    SELECT
        c.*,
        (coalesce(warn_at <= %(now)s, false))::int + cardinality(warn_more)
            - (SELECT count(*) FROM unnest(warn_more) mark WHERE mark > %(now)s) AS warnings,
        (SELECT count(*) FROM unnest(rise_at) step WHERE step <= %(now)s) AS rises
    FROM chosen c
),
-- Which ring it is, the how manieth of its kind, whom it tells, and when the promise must be looked at next. When both
-- the warning and the moment itself are past (no clock ran), only the break is rung; steps that were missed with it are told too.
due AS MATERIALIZED (
    SELECT
        id, rank,
        CASE
            WHEN state = 'open' AND due_at <= %(now)s THEN 'due'
            WHEN state = 'open' AND warnings > 0 THEN 'warn'
            WHEN state = 'broken' AND settled_at IS NULL AND rises > 0 THEN 'rise'
        END AS ring,
        CASE WHEN state = 'broken' THEN rises WHEN due_at <= %(now)s THEN 0 ELSE warnings END AS step,
        CASE
            WHEN state = 'broken' THEN ARRAY(
                SELECT who FROM unnest(rise_at, rise_to) step (at, who)
                WHERE at <= %(now)s AND (at >= ring_at OR at = rise_at[rises])
            )
            WHEN due_at <= %(now)s THEN due_to || ARRAY(
                SELECT who FROM unnest(rise_at, rise_to) step (at, who) WHERE at <= %(now)s
            )
            ELSE warn_to
        END AS tell,
        CASE
            WHEN state = 'open' AND due_at > %(now)s THEN least(
                CASE WHEN warn_at > %(now)s THEN warn_at END,
                (SELECT min(mark) FROM unnest(warn_more) mark WHERE mark > %(now)s),
                due_at
            )
            WHEN state = 'open' OR (state = 'broken' AND settled_at IS NULL)
                THEN (SELECT min(step) FROM unnest(rise_at) step WHERE step > %(now)s)
        END AS next_at,
        CASE
            WHEN state = 'broken' THEN rise_at[rises]
            WHEN due_at <= %(now)s THEN due_at
            ELSE greatest(warn_at, (SELECT max(mark) FROM unnest(warn_more) mark WHERE mark <= %(now)s))
        END AS moment
    FROM counted
),
moved AS (
    UPDATE rugui_promise p
    SET state = CASE WHEN due.ring = 'due' THEN 'broken' ELSE p.state END, ring_at = due.next_at
    FROM due
    WHERE p.id = due.id
    RETURNING
        p.id, p.organization_id, p.place_id, p.customer_id, p.case_id, p.owner_id, p.deputy_id, p.kind,
        due.rank, due.ring, due.step, due.tell, CASE WHEN due.ring IS NOT NULL THEN due.moment END AS moment
),
-- Who is at each place where somebody there is to be told. A role at the place goes before one everywhere.
here AS (
    SELECT organization_id, place_id, bool_or('all_leaders' = ANY (tell)) AS wants_all
    FROM moved
    WHERE ring IS NOT NULL AND tell && ARRAY['duty', 'leaders', 'all_leaders']::varchar[]
    GROUP BY 1, 2
),
on_duty AS (
    SELECT
        here.organization_id, here.place_id, array_agg(s.id ORDER BY s.id) AS staff,
        coalesce(array_agg(s.id ORDER BY s.id) FILTER (WHERE held.role IN ('owner', 'manager')), '{}') AS leaders
    FROM here
    JOIN rugui_duty d
        ON d.organization_id = here.organization_id AND d.place_id = here.place_id AND d.ended_at IS NULL
    JOIN rugui_staff s ON s.id = d.staff_id AND s.active
    LEFT JOIN LATERAL (
        SELECT a.role FROM rugui_assignment a
        WHERE a.organization_id = d.organization_id AND a.staff_id = d.staff_id
            AND (a.place_id = d.place_id OR a.place_id IS NULL)
        ORDER BY a.place_id NULLS LAST
        LIMIT 1
    ) held ON true
    GROUP BY 1, 2
),
everywhere AS (
    SELECT here.organization_id, here.place_id, array_agg(s.id ORDER BY s.id) AS leaders
    FROM here
    JOIN rugui_staff s ON s.organization_id = here.organization_id AND s.active
    JOIN LATERAL (
        SELECT a.role FROM rugui_assignment a
        WHERE a.organization_id = here.organization_id AND a.staff_id = s.id
            AND (a.place_id = here.place_id OR a.place_id IS NULL)
        ORDER BY a.place_id NULLS LAST
        LIMIT 1
    ) held ON held.role IN ('owner', 'manager')
    WHERE here.wants_all
    GROUP BY 1, 2
),
rung AS (
    INSERT INTO rugui_ring (organization_id, promise_id, kind, step, at, told)
    SELECT
        m.organization_id, m.id, m.ring, m.step, %(now)s,
        ARRAY(
            SELECT person
            FROM unnest(
                CASE WHEN 'owner' = ANY (m.tell) THEN ARRAY[o.id] END
                    || CASE WHEN 'stand_in' = ANY (m.tell) THEN ARRAY[i.id] END
                    || CASE WHEN 'duty' = ANY (m.tell) THEN d.staff END
                    || CASE WHEN 'leaders' = ANY (m.tell) THEN d.leaders END
                    || CASE WHEN 'all_leaders' = ANY (m.tell) THEN e.leaders END
            ) WITH ORDINALITY list (person, place)
            WHERE person IS NOT NULL
            GROUP BY person
            ORDER BY min(place)
        )
    FROM moved m
    LEFT JOIN rugui_staff o ON o.id = m.owner_id AND o.active
    LEFT JOIN rugui_staff i ON i.id = m.deputy_id AND i.active
    LEFT JOIN on_duty d ON d.organization_id = m.organization_id AND d.place_id = m.place_id
    LEFT JOIN everywhere e ON e.organization_id = m.organization_id AND e.place_id = m.place_id
    WHERE m.ring IS NOT NULL
    ON CONFLICT (organization_id, promise_id, kind, step) DO NOTHING
    RETURNING promise_id, told
),
journal AS (
    INSERT INTO rugui_journalentry
        (organization_id, at, kind, who, place_id, customer_id, case_id, subject_id, payload, version)
    SELECT
        m.organization_id, %(now)s,
        CASE m.ring WHEN 'due' THEN 'promise.broken' WHEN 'rise' THEN 'promise.risen' ELSE 'promise.warned' END, 'clock',
        m.place_id, m.customer_id, m.case_id, m.id, jsonb_build_object('kind', m.kind, 'told', to_jsonb(r.told)), 1
    FROM moved m
    JOIN rung r ON r.promise_id = m.id
    ORDER BY m.moment, m.id
)
SELECT m.id, CASE WHEN r.promise_id IS NOT NULL THEN m.ring END, m.moment, m.rank = 0
FROM moved m
LEFT JOIN rung r ON r.promise_id = m.id
ORDER BY m.moment, m.id
