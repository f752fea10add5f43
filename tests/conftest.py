"""What every test may use: see ``promises`` for their record and ``thorough`` for full figures."""

from hypothesis import HealthCheck, settings
from thorough import THOROUGH, thorough

__all__ = ["thorough"]

pytest_plugins = ["promises"]

# How long an example takes says how busy the machine is; and a run that failed fails again.
settings.register_profile(
    "cxdash",
    deadline=None,
    derandomize=not THOROUGH,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("cxdash")
