"""A demo company whose truth is known: exports as a real team has them, and ``truth.json``.

The company is invented and drawn by chance from one seed. It holds the traps real data holds:
customers who never answer, answers that come more from the content and the angry, exit surveys
sent after the notice, a segment that both scores lower and leaves more often, support desks that
beg for full marks, a score that rises only because unhappy customers leave, an item that means
nothing, and one that only repeats last quarter's revenue. Exports show nothing after the last
exported day, except the announced end of those who have given notice; customers who left before the
first exported month are in no file, as in most real exports.

``truth.json``
--------------
``company, seed, parameters``
    What was drawn and with which numbers (:class:`cxdash.demo.company.Parameters`).
``first_exported_month, last_exported_day, months_exported, months_future``
    Month index 0 is the first exported month. The ``months_future`` after the last exported day
    are simulated too, so that forecasts can be judged.
``customers``
    Columns of equal length: ``customer_id``; ``started_on``; ``left_on`` (first day no longer a
    customer, also in the future months; null if never); ``left_month``; ``experience_mean``;
    ``first_month`` (index of the first entry of the lists that follow); ``hazard`` (probability of
    leaving in each month, for all months, also after leaving; 0 in the month of the start);
    ``monthly_amount`` (in force at each month end, dollars). Null for big companies: then the same
    columns are in ``truth.parquet``.
``wave_months, begging_units, events, noise_item, echo_item, pilot, idle_pilot, drift,``
``team_effect, not_to_be_counted``
    The traps: month indices of the survey waves; units and the day from which they beg; the events
    of the register, all of which happened; items; the
    pilot's effect in log odds and as chance of leaving in its months; the pilot without an effect;
    the change of mean experience
    of those present and of the same people; rows of the survey export that are no answers.
"""

from cxdash.demo.canonical import fill
from cxdash.demo.exports import write
from cxdash.demo.loading import load, remove
from cxdash.demo.truth import Truth
from cxdash.demo.world import World, simulate

__all__ = ["Truth", "World", "fill", "load", "remove", "simulate", "write"]
