-- What a card shows of a customer's history in one read: the cases now open, the visit going on or next, then the
-- latest of everything, newest first. Each branch reads the top of its own (customer, time) index, so the cost does
-- not grow with the length of the history.
-- Parameters: customer, limit, everywhere, places (what the reader sees). Row-level security keeps it to the organization.
(SELECT 'open_case' AS what, id, opened_at AS at, element AS kind, state, title AS text, place_id, NULL::bigint AS amount, '' AS currency
 FROM rugui_case WHERE customer_id = %(customer)s::bigint AND state <> 'closed' AND (%(everywhere)s::boolean OR place_id = ANY(%(places)s::bigint[]))
 ORDER BY opened_at DESC LIMIT %(limit)s::bigint)
UNION ALL
(SELECT 'current_visit', id, coalesce(arrived_at, expected_at), kind, state, about, place_id, NULL, ''
 FROM rugui_visit WHERE customer_id = %(customer)s::bigint AND state IN ('arrived', 'expected') AND (%(everywhere)s::boolean OR place_id = ANY(%(places)s::bigint[]))
 ORDER BY state, expected_at LIMIT 1)
UNION ALL
(SELECT * FROM (
  (SELECT 'touch' AS what, id, at, channel, direction, text, place_id, NULL::bigint, ''
   FROM rugui_touch WHERE customer_id = %(customer)s::bigint AND (%(everywhere)s::boolean OR place_id IS NULL OR place_id = ANY(%(places)s::bigint[]))
   ORDER BY at DESC LIMIT %(limit)s::bigint)
  UNION ALL
  (SELECT 'visit', id, coalesce(arrived_at, expected_at), kind, state, about, place_id, NULL, ''
   FROM rugui_visit WHERE customer_id = %(customer)s::bigint AND state <> 'expected' AND (%(everywhere)s::boolean OR place_id = ANY(%(places)s::bigint[]))
   ORDER BY expected_at DESC LIMIT %(limit)s::bigint)
  UNION ALL
  (SELECT 'purchase', id, at, kind, '', about, place_id, amount, currency
   FROM rugui_purchase WHERE customer_id = %(customer)s::bigint AND (%(everywhere)s::boolean OR place_id IS NULL OR place_id = ANY(%(places)s::bigint[]))
   ORDER BY at DESC LIMIT %(limit)s::bigint)
  UNION ALL
  (SELECT 'case', id, opened_at, element, state, title, place_id, NULL, ''
   FROM rugui_case WHERE customer_id = %(customer)s::bigint AND (%(everywhere)s::boolean OR place_id = ANY(%(places)s::bigint[]))
   ORDER BY opened_at DESC LIMIT %(limit)s::bigint)
  UNION ALL
  (SELECT 'promise', id, settled_at, kind, state, text, place_id, NULL, ''
   FROM rugui_promise WHERE customer_id = %(customer)s::bigint AND settled_at IS NOT NULL AND (%(everywhere)s::boolean OR place_id = ANY(%(places)s::bigint[]))
   ORDER BY made_at DESC LIMIT %(limit)s::bigint)
  UNION ALL
  (SELECT 'merge', m.id, m.at, m.reason, '', c.name, NULL, NULL, ''
   FROM rugui_merge m JOIN rugui_customer c ON c.id = m.source_id WHERE m.survivor_id = %(customer)s::bigint AND m.undone_at IS NULL
   ORDER BY m.at DESC LIMIT %(limit)s::bigint)
  ORDER BY at DESC LIMIT %(limit)s::bigint
) AS latest)
