-- A place at this moment: who is on duty here (and the reader, wherever that is), its week, its special dates to come.
-- what · person or weekday · name · since · date · opens · closes · place's name · place
SELECT 'duty', d.staff_id, s.name, d.started_at, NULL::date, NULL::time, NULL::time, p.name, d.place_id
FROM rugui_duty d JOIN rugui_staff s ON s.id = d.staff_id JOIN rugui_place p ON p.id = d.place_id
WHERE d.ended_at IS NULL AND (d.place_id = %s OR d.staff_id = %s)
UNION ALL
SELECT 'week', weekday, '', NULL, NULL, opens, closes, '', NULL FROM rugui_openinghours WHERE place_id = %s
UNION ALL
SELECT 'date', NULL, name, NULL, date, opens, closes, '', NULL FROM rugui_specialday WHERE place_id = %s AND date >= %s
ORDER BY 1, 4, 2, 5, 6
