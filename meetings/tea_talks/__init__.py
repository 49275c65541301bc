"""一杯茶: talks written down, and the tasks agreed in them."""
