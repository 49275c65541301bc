from residents.models.channel import Channel
from residents.models.draft import Draft, DraftPhoto
from residents.models.request import OTHER_SYSTEM, Request, Source
from residents.models.resident import Resident

__all__ = ["OTHER_SYSTEM", "Channel", "Draft", "DraftPhoto", "Request", "Resident", "Source"]
