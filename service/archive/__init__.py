"""The data folder: the bytes of every file that was received, by their hash."""

from service.archive.archive import Archive
from service.archive.incoming import Incoming, Upload

__all__ = ["Archive", "Incoming", "Upload"]
