"""All pages of this folder, for the application."""

from service.pages.quality import all as every_instrument
from service.pages.quality import baseline, bridged, instrument

QUALITY = (every_instrument, instrument, baseline, bridged)
