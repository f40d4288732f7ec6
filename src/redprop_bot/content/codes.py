"""The codes of the taxonomy that every room shares: a contract with the API, the rows and the content files.

Only codes stand here; what they are called stands in `data/labels/`, what people say in `intents/`.
"""

from typing import Final

CATEGORIES: Final = (
    "elevator",
    "plumbing",
    "power",
    "gas_heat",
    "building",
    "sanitation",
    "greening",
    "parking",
    "fire_safety",
    "public_order",
    "noise",
    "pets",
    "illegal_build",
    "property_fee",
    "neighbor",
    "committee",
    "elder_child",
    "aid",
    "convenience",
    "culture",
    "other",
)
URGENCIES: Final = ("emergency", "urgent", "normal")
"""The most urgent first."""
