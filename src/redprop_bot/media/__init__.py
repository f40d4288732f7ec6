"""Pictures, voices and videos that people send: fetched, proven by their content, freed of metadata, kept.

    gathering   attachments still with a platform → fetch → clean → files, in the background, with retry
    cleaning    what bytes are, whatever anybody calls them; what of them may be kept
    pictures    JPEG, PNG, GIF, WebP: rebuilt from the parts that are needed to see them
    films       MP4 and its like: what is said about the film is blanked
    exif        turning and place, read before they go
    files       a folder; every file whole or not there
    retention   what is over goes, and what belongs to nobody

No pixel is ever decoded here, and no address from a message is ever called.
"""

from redprop_bot.media.cleaning import Clean, clean
from redprop_bot.media.files import FileMedia
from redprop_bot.media.gathering import Gathering
from redprop_bot.media.retention import Retention

__all__ = ["Clean", "FileMedia", "Gathering", "Retention", "clean"]
