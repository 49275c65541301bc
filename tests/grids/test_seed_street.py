"""The real street without a demonstration."""

from django.core.management import call_command

from accounts.models import User
from grids.demo import counts


def test_the_real_street_alone(db):
    call_command("seed_zhenghe", verbosity=0)
    assert list(counts().values()) == [1, 12, 0, 0, 0]
    assert not User.objects.exists()
