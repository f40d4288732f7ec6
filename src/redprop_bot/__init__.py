"""Party-led property service (红色物业) for Chinese communities: one sentence in, a kept promise out.

Each sub-package is a room; the order in which rooms may know each other stands in `.importlinter`.
Importing any module of this package does nothing but define names.
"""

__version__ = "0.1.0"
