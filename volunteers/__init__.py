"""The volunteer loop (志愿服务): three lists, orders that are offers, two ledgers, call-outs; 双报到 apart from it."""
