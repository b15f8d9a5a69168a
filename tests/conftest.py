"""What tests share: Hypothesis draws the same examples on every run and has no deadline; one thread in BLAS."""

import os

from hypothesis import HealthCheck, settings

from tests.app_server import ENVIRONMENT

# Before numpy is loaded: the threads of several workers wait for each other, busily, on matrices that are small.
os.environ.update(ENVIRONMENT)

_STEADY = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("ci", max_examples=20, derandomize=True, database=None, **_STEADY)
settings.register_profile("thorough", max_examples=1000, **_STEADY)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
