from residents.models.channel import Channel
from residents.models.draft import Draft, DraftPhoto
from residents.models.request import Request, Source
from residents.models.resident import Resident

__all__ = ["Channel", "Draft", "DraftPhoto", "Request", "Resident", "Source"]
