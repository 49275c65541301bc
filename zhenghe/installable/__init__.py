"""The portal as an app on the home screen: what it is called, what it keeps for when there is no network. Nothing of a person
is kept there but what they wrote themselves and could not send yet (static/js/outbox.js)."""
