-- Entering a house in one question: names the organization to row-level security for the rest of the transaction, and
-- answers with the member of staff (by user, or by staff number), the house, their roles, and the house's places.
-- With the rights of whoever asks: row-level security binds these functions like any statement. No row for
-- somebody who is not, or no longer, staff there.
DROP FUNCTION IF EXISTS rugui_enter(bigint, bigint, bigint);
CREATE FUNCTION rugui_enter(house bigint, person bigint, member bigint)
RETURNS TABLE (
    organization bigint, staff bigint, user_number bigint, staff_name text,
    house_name text, trade text, customer_word text, currency text, language text,
    role_places bigint[], roles text[], places json
) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('rugui.organization', house::text, true);
    IF member IS NULL THEN
        member := (SELECT s.id FROM rugui_staff s WHERE s.organization_id = house AND s.user_id = person AND s.active);
    END IF;
    -- What only one member of staff may read is read by this one; 0 is nobody.
    PERFORM set_config('rugui.staff', coalesce(member, 0)::text, true);
    RETURN QUERY
        SELECT s.organization_id, s.id, s.user_id, s.name::text,
            o.name::text, o.trade::text, o.customer_word::text, o.currency::text, o.language::text,
            array_agg(a.place_id ORDER BY a.id), array_agg(a.role::text ORDER BY a.id),
            (SELECT coalesce(json_agg(json_build_array(p.id, p.name, p.timezone, p.region) ORDER BY p.name), '[]')
                FROM rugui_place p WHERE p.organization_id = house)
        FROM rugui_staff s
        JOIN rugui_organization o ON o.id = s.organization_id
        JOIN rugui_assignment a ON a.staff_id = s.id
        WHERE s.active AND s.organization_id = house AND s.id = member
        GROUP BY s.id, o.id;
END $$;

-- The same for whoever holds a key: shows the key to row-level security, and, if it lives, enters its organization as
-- its subject. No row for a key that is unknown, expired or revoked.
DROP FUNCTION IF EXISTS rugui_enter_by_key(bytea, text, timestamptz);
CREATE FUNCTION rugui_enter_by_key(secret bytea, wanted text, moment timestamptz)
RETURNS TABLE (
    key_number bigint, scopes json,
    organization bigint, staff bigint, user_number bigint, staff_name text,
    house_name text, trade text, customer_word text, currency text, language text,
    role_places bigint[], roles text[], places json
) LANGUAGE plpgsql AS $$
DECLARE
    known rugui_key%ROWTYPE;
BEGIN
    PERFORM set_config('rugui.key', encode(secret, 'hex'), true);
    SELECT k.* INTO known FROM rugui_key k
        WHERE k.hash = secret AND k.kind = wanted AND k.revoked_at IS NULL
        AND (k.expires_at IS NULL OR k.expires_at > moment);
    IF FOUND THEN
        RETURN QUERY SELECT known.id, known.scopes::json, entered.*
            FROM rugui_enter(known.organization_id, NULL, known.subject_id) entered;
    END IF;
END $$;
