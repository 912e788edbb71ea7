-- Hand-overs of cases that nobody accepted in time: they come back to whose the case was, and ring. All or nothing.
--
-- A row that somebody is just answering is skipped and looked at again: whoever commits first decides.
WITH due AS MATERIALIZED (
    SELECT id FROM rugui_handover
    WHERE state = 'waiting' AND due_at <= %(now)s
    ORDER BY due_at
    LIMIT 1000
    FOR NO KEY UPDATE SKIP LOCKED
),
moved AS (
    UPDATE rugui_handover h
    SET state = 'returned', ended_at = %(now)s
    FROM due
    WHERE h.id = due.id
    RETURNING h.id, h.organization_id, h.place_id, h.case_id, h.asked, h.due_at
),
-- Who leads each of these places, and is there now. A role at the place goes before one everywhere.
leaders AS (
    SELECT here.organization_id, here.place_id, array_agg(s.id ORDER BY s.id) AS staff
    FROM (SELECT DISTINCT organization_id, place_id FROM moved) here
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
journal AS (
    INSERT INTO rugui_journalentry
        (organization_id, at, kind, who, place_id, customer_id, case_id, subject_id, payload, version)
    SELECT
        m.organization_id, %(now)s, 'hand_over.returned', 'clock', m.place_id, c.customer_id, m.case_id, m.id,
        jsonb_build_object('told', to_jsonb(ARRAY(
            SELECT DISTINCT told.id
            FROM unnest(array_remove(ARRAY[c.owner_id], NULL) || m.asked || coalesce(l.staff, '{}')) AS told (id)
            ORDER BY 1
        ))), 1
    FROM moved m
    JOIN rugui_case c ON c.id = m.case_id
    LEFT JOIN leaders l ON l.organization_id = m.organization_id AND l.place_id = m.place_id
    ORDER BY m.due_at, m.id
)
SELECT id FROM moved
