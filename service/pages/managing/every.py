"""All pages of this folder, for the application."""

from service.pages.managing import (
    audit,
    instruments,
    keys,
    lot,
    lots,
    recalculations,
    studies,
    user,
    users,
)

MANAGING = (lots, lot, recalculations, instruments, users, user, keys, audit, studies)
