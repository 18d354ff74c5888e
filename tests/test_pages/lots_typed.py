"""Lots as a form sends them, and as they are kept."""

VALUES = ("474", "5359", "23843", "62336")


def typed(first=VALUES, second=None):
    fields = {f"first.{level}": text for level, text in enumerate(first, 1)}
    fields |= {f"second.{level}": text for level, text in enumerate(second or first, 1)}
    return fields


def lot_of(house, number, **more):
    return house.post("lots", json={"number": number, "assigned": [474, 5359, 23843], **more})


def now(house, lot):
    return house.get(f"lots/{lot['id']}")
