"""All pages of this folder, for the application."""

from service.pages.managing import lot, lots

MANAGING = (lots, lot)
