"""What draws the arrows of a consultation; see disputes.services for what all acts take and raise."""

from cases.workflow import Acts
from disputes.experts.services import booking, meeting, referral

ACTS: Acts = {
    "accept": booking.accept,
    "decline": booking.decline,
    "pass_on": booking.pass_on,
    "arrange": booking.arrange,
    "close": booking.close,
    "change_slot": booking.change_slot,
    "move_slot": booking.move_slot,
    "cancel": booking.cancel,
    "call_off": booking.call_off,
    "hold": meeting.hold,
    "miss": meeting.miss,
    "again": booking.again,
    "propose": referral.propose,
    "refuse_mediation": referral.refuse,
    "finish": meeting.finish,
    "rate": meeting.rate,
    "succeed": booking.succeed,
}
