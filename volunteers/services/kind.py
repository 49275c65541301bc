"""Which service draws which arrow of a service order."""

from cases.workflow import Acts
from volunteers.services import orders, visits

ACTS: Acts = {
    "pass_on": orders.pass_on,
    "step_back": orders.step_back,
    "reschedule": orders.reschedule,
    "cancel": orders.cancel,
    "finish_for": visits.finish_for,
    "note_absence": visits.note_absence,
    "rate": visits.rate,
    "verify": visits.verify,
    "close_unrated": visits.close_unrated,
}
