"""Services outside the house, as their documents say they answer: WeChat and the SMS gateways, faults included. Each is a
server of its own on this machine."""
