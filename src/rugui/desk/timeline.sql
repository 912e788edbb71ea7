-- A customer's recent history in one read, newest first. Each branch reads the top of its own
-- (customer, time) index, so the cost does not grow with the length of the history.
-- Parameters: customer, limit. Row-level security keeps it to the organization.
(SELECT 'touch' AS what, id, at, channel AS kind, direction AS state, text, place_id, NULL::bigint AS amount, '' AS currency
 FROM rugui_touch WHERE customer_id = %(customer)s ORDER BY at DESC LIMIT %(limit)s)
UNION ALL
(SELECT 'visit', id, coalesce(arrived_at, expected_at), kind, state, about, place_id, NULL, ''
 FROM rugui_visit WHERE customer_id = %(customer)s ORDER BY expected_at DESC LIMIT %(limit)s)
UNION ALL
(SELECT 'purchase', id, at, kind, '', about, place_id, amount, currency
 FROM rugui_purchase WHERE customer_id = %(customer)s ORDER BY at DESC LIMIT %(limit)s)
UNION ALL
(SELECT 'case', id, opened_at, element, state, title, place_id, NULL, ''
 FROM rugui_case WHERE customer_id = %(customer)s ORDER BY opened_at DESC LIMIT %(limit)s)
UNION ALL
(SELECT 'promise', id, settled_at, kind, state, text, place_id, NULL, ''
 FROM rugui_promise WHERE customer_id = %(customer)s AND settled_at IS NOT NULL ORDER BY made_at DESC LIMIT %(limit)s)
ORDER BY at DESC LIMIT %(limit)s
