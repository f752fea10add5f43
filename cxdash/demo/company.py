"""The demo company's fixed facts: what it sells, to whom, and the numbers its world runs on.

Brindlevane is invented; it sells scheduling software to other companies by monthly subscription.
Every number of the process stands here, so that ``truth.json`` can hold all of them.
"""

from dataclasses import dataclass
from typing import Final

__all__ = [
    "CHANNELS",
    "COMPANY",
    "CURRENCY",
    "INDUSTRIES",
    "ITEMS",
    "PLANS",
    "REASONS_LEFT",
    "REGIONS",
    "SEGMENTS",
    "TOPICS",
    "UNITS",
    "Parameters",
]

COMPANY: Final = "Brindlevane (invented)"
CURRENCY: Final = "USD"
SEGMENTS: Final = ("SMB", "Mid", "Enterprise")
PLANS: Final = ("Starter", "Team", "Scale")
REGIONS: Final = ("North", "South", "East", "West")
INDUSTRIES: Final = (
    "Clinics",
    "Logistics",
    "Retail",
    "Hospitality",
    "Field service",
    "Education",
    "Manufacturing",
)
CHANNELS: Final = ("email", "chat", "phone")
REASONS_LEFT: Final = (
    "Service",
    "Missing feature",
    "Price",
    "Other supplier",
    "Closed or merged",
)
#: Rating items of the relationship survey, 1 to 5, in the order of the columns Q2_1 to Q2_7.
#: The last one is the item that means nothing.
ITEMS: Final = (
    "product_quality",
    "ease_of_use",
    "support",
    "billing",
    "onboarding",
    "value_for_money",
    "app_look_and_feel",
)
TOPICS: Final = ITEMS[:-1]
UNITS: Final = tuple(
    f"{region} desk {number}"
    for region, desks in zip(REGIONS, (4, 4, 3, 3), strict=True)
    for number in range(1, desks + 1)
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every number of the process. Effects on leaving are in log odds of leaving in a month.

    Experience is a latent number per customer and month with mean about 0 and spread about 0.75;
    higher is better. Triples are for SMB, Mid and Enterprise.
    """

    # Who the customers are
    present_at_start: float = 0.76
    segment_share: tuple[float, float, float] = (0.55, 0.33, 0.12)
    amount_median: tuple[float, float, float] = (240.0, 1300.0, 7200.0)
    amount_spread: tuple[float, float, float] = (0.5, 0.55, 0.75)
    tenure_mean_months: float = 30.0
    tenure_longest_months: int = 96
    # Latent experience
    experience_by_segment: tuple[float, float, float] = (-0.15, 0.1, 0.25)
    experience_spread: float = 0.5
    swing_spread: float = 0.45
    swing_memory: float = 0.85
    shock_memory: float = 0.6
    outage_chance: float = 0.02
    outage_shock: float = -0.6
    ticket_shock: float = -0.3
    tickets_a_month: tuple[float, float, float] = (0.14, 0.3, 0.7)
    # Leaving
    leave_intercept: float = -4.45
    leave_by_experience: float = -1.0
    leave_by_log_tenure: float = -0.08
    leave_by_segment: tuple[float, float, float] = (0.45, 0.0, -0.7)
    leave_by_price_rise: float = 0.5
    leave_by_bad_ticket: float = 0.35
    steep_rise: float = 0.06
    price_effect_months: int = 3
    notice_share: float = 0.4
    month_end_share: float = 0.5
    # Money
    rise_low: float = 0.0
    rise_high: float = 0.08
    grow_chance: float = 0.012
    shrink_chance: float = 0.007
    # Pilot: a named contact person for a random half of the invited
    pilot_share: float = 0.25
    pilot_effect: float = -0.7
    pilot_months: int = 12
    # Relationship survey
    wave_every_months: int = 6
    silent_at_average: float = 0.36
    silent_by_experience: float = -0.9
    answer_intercept: float = -0.1
    answer_by_experience: float = 0.45
    answer_by_anger: float = 1.2
    answer_by_log_tenure: float = 0.2
    answer_by_segment: tuple[float, float, float] = (-0.15, 0.1, 0.3)
    reading_by_segment: tuple[float, float, float] = (-0.3, 0.1, 0.3)
    style_spread: float = 0.3
    halo_spread: float = 0.3
    reading_noise: float = 0.45
    no_account_share: float = 0.012
    comment_share: float = 0.5
    # Support survey
    survey_after_ticket: float = 0.6
    support_answer_share: float = 0.24
    begging_units: int = 3
    begging_push: float = 0.7
    engagement_effect: float = 0.25
    engagement_lag_months: int = 2
    # Exit survey
    exit_answer_share: float = 0.3
    # Months simulated beyond the last exported one
    future_months: int = 12
