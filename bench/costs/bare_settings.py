"""The portal's settings with the bench's addresses."""

from zhenghe.settings import *  # noqa: F403

ROOT_URLCONF = "bench.costs.bare"
