-- Pilots whose customers were given to groups: how many, and from which day on.
SELECT pilot AS name, count(DISTINCT customer_id) AS customers, min(assigned_on) AS since
FROM pilot_roster
WHERE is_current
GROUP BY pilot
