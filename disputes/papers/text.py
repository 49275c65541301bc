"""The text of an agreement, as a signature stands under it."""

import hashlib
import json

from disputes.models import Agreement


def checksum(agreement: Agreement) -> str:
    """SHA-256 of all that the parties agree to: a clause reworded, added or given another day makes it another text."""
    clauses = agreement.clauses.order_by("number").values_list("number", "what", "how", "deadline")
    text = [agreement.form, agreement.facts, agreement.responsibilities, *[[*map(str, clause)] for clause in clauses]]
    return hashlib.sha256(json.dumps(text, ensure_ascii=False).encode()).hexdigest()
