"""What every test may use; the record of kept promises is in ``promises``."""

pytest_plugins = ["promises"]
