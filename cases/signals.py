"""The only signal of the house. Sent inside the transaction, after the event is written, with `event=`."""

from django.dispatch import Signal

case_moved = Signal()
