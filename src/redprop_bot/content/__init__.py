"""What a community decides, read from `intents/` and `data/`: wording, deadlines, limits, labels, answers.

Loaded once at the start and passed on; every fault is reported with file and line. No rule may live here.
"""

from redprop_bot.content.fitting import Fitting, Load, fitting
from redprop_bot.content.load import Content, load_content, packaged_root, roots
from redprop_bot.content.reading import Above
from redprop_bot.content.unread import unread

__all__ = ["Above", "Content", "Fitting", "Load", "fitting", "load_content", "packaged_root", "roots", "unread"]
