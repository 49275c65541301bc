"""Messages, and how they leave the house."""

from notices.models.choices import Choices, Subscription
from notices.models.delivery import Delivery
from notices.models.notice import Notice
from notices.models.template import Template

__all__ = ["Choices", "Delivery", "Notice", "Subscription", "Template"]
