"""What may be seen by whom: small groups, pseudonyms, contact details in what people wrote.

:func:`answered` is the door of all Answers: whoever may see single customers gets them as they are,
everybody else without anything about too few customers.
"""

from cxdash.privacy.answers import answered
from cxdash.privacy.contact_details import found_in, masked
from cxdash.privacy.pseudonyms import Pseudonyms
from cxdash.privacy.remarks import Remarks, remarks
from cxdash.privacy.rules import FEWEST_CUSTOMERS, FEWEST_WRITERS
from cxdash.privacy.views import open_filters, refuse_small

__all__ = [
    "FEWEST_CUSTOMERS",
    "FEWEST_WRITERS",
    "Pseudonyms",
    "Remarks",
    "answered",
    "found_in",
    "masked",
    "open_filters",
    "refuse_small",
    "remarks",
]
