-- Claims what is due and rings it: moves the promises, writes their rings and their journal rows, all or nothing.
--
-- The limit is written out, because a planner that does not know it may prepare for a third of the table
-- and read all of it. NO KEY UPDATE is the lock that an UPDATE of these columns takes: a new promise that renews
-- this one, still uncommitted, does not hide it. A row that somebody is just changing is skipped and looked at again.
WITH due AS MATERIALIZED (
    SELECT
        id,
        CASE
            WHEN state <> 'open' THEN NULL
            WHEN due_at <= %(now)s THEN 'due'
            WHEN warn_at <= %(now)s THEN 'warn'
        END AS ring
    FROM rugui_promise
    WHERE ring_at <= %(now)s
        AND id <> ALL (%(skip)s::bigint[])
        AND (%(only)s::bigint IS NULL OR id = %(only)s::bigint)
    ORDER BY ring_at
    LIMIT 1000
    FOR NO KEY UPDATE SKIP LOCKED
),
moved AS (
    UPDATE rugui_promise p
    SET
        state = CASE WHEN due.ring = 'due' THEN 'broken' ELSE p.state END,
        ring_at = CASE
            WHEN p.state <> 'open' OR p.due_at <= %(now)s THEN NULL
            WHEN p.warn_at > %(now)s THEN p.warn_at
            ELSE p.due_at
        END
    FROM due
    WHERE p.id = due.id
    RETURNING
        p.id, p.organization_id, p.place_id, p.customer_id, p.case_id, p.owner_id, p.kind, due.ring,
        CASE due.ring WHEN 'due' THEN p.due_at WHEN 'warn' THEN p.warn_at END AS moment
),
-- Who leads each place where something broke, and is there now. A role at the place goes before one everywhere.
leaders AS (
    SELECT here.organization_id, here.place_id, array_agg(s.id ORDER BY s.id) AS staff
    FROM (SELECT DISTINCT organization_id, place_id FROM moved WHERE ring = 'due') here
    JOIN rugui_duty d
        ON d.organization_id = here.organization_id AND d.place_id = here.place_id AND d.ended_at IS NULL
    JOIN rugui_staff s ON s.id = d.staff_id AND s.active
    WHERE (
        SELECT a.role FROM rugui_assignment a
        WHERE a.organization_id = d.organization_id AND a.staff_id = d.staff_id
            AND (a.place_id = d.place_id OR a.place_id IS NULL)
        ORDER BY a.place_id NULLS LAST
        LIMIT 1
    ) IN ('owner', 'manager')
    GROUP BY 1, 2
),
rung AS (
    INSERT INTO rugui_ring (organization_id, promise_id, kind, at, told)
    SELECT
        m.organization_id, m.id, m.ring, %(now)s,
        array_remove(ARRAY[o.id], NULL)
            || CASE WHEN m.ring = 'due' THEN array_remove(coalesce(l.staff, '{}'), o.id) ELSE '{}' END
    FROM moved m
    LEFT JOIN rugui_staff o ON o.id = m.owner_id AND o.active
    LEFT JOIN leaders l ON l.organization_id = m.organization_id AND l.place_id = m.place_id
    WHERE m.ring IS NOT NULL
    ON CONFLICT (organization_id, promise_id, kind) DO NOTHING
    RETURNING promise_id, told
),
journal AS (
    INSERT INTO rugui_journalentry
        (organization_id, at, kind, who, place_id, customer_id, case_id, subject_id, payload, version)
    SELECT
        m.organization_id, %(now)s, CASE m.ring WHEN 'due' THEN 'promise.broken' ELSE 'promise.warned' END, 'clock',
        m.place_id, m.customer_id, m.case_id, m.id, jsonb_build_object('kind', m.kind, 'told', to_jsonb(r.told)), 1
    FROM moved m
    JOIN rung r ON r.promise_id = m.id
    ORDER BY m.moment, m.id
)
SELECT m.id, CASE WHEN r.promise_id IS NOT NULL THEN m.ring END, m.moment
FROM moved m
LEFT JOIN rung r ON r.promise_id = m.id
