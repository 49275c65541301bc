"""What a service outside says instead of yes. Whoever calls a client needs to tell these two apart, and nothing else."""


class GatewayFault(Exception):
    """`code` is the service's own, as in its documents."""

    def __init__(self, code: str | int, words: str = "") -> None:
        self.code = str(code)
        super().__init__(f"{code} {words}".strip())


class Refused(GatewayFault):
    """It will not do this, however often it is asked: an empty number, a user who said no, a text too long."""


class Down(GatewayFault):
    """It cannot do this now: no line, no answer in time, a full quota, an account without money. Another way may, and so may
    it later."""
