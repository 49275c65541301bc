"""What pages of every room use, and that knows no model: lists page by page, fields for days, what an address or a form holds,
QR codes, calendars, files as answers."""
