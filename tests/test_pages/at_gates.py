"""The page of gates as somebody works on it."""

from playwright.sync_api import expect

GATE, NAME = "Monocytes by CD14", "monocytes_by_cd14"


def look(at, sample):
    at.open(f"/samples/{sample['id']}/gates")
    expect(plot(at).locator(".handle").first).to_be_visible()


def newest(house, sample):
    return house.get(f"analyses/{sample['id']}")


def plot(at, gate=GATE):
    return at.page.get_by_role("region", name=gate, exact=True)


def handle(at, number=0, gate=GATE):
    return plot(at, gate).locator(".handle").nth(number)


def middle_of(box):
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def place_of(at, number=0):
    """Where a vertex is on the screen."""
    return middle_of(handle(at, number).locator(".seen").bounding_box())


def drag(at, number=0, right=40, down=0):
    handle(at, number).scroll_into_view_if_needed()
    x, y = place_of(at, number)
    at.page.mouse.move(x, y)
    at.page.mouse.down()
    at.page.mouse.move(x + right / 2, y + down / 2)
    at.page.mouse.move(x + right, y + down)
    at.page.mouse.up()


def saved(at, version):
    expect(at.page.locator("#version")).to_have_text(str(version))
    expect(at.page.get_by_role("status")).to_contain_text(f"Saved as version {version}")


def vertices(house, sample, gate=NAME):
    """Vertices of the newest version: a way back to them changes nothing."""
    now = newest(house, sample)
    path = f"analyses/{sample['id']}/gates/moved"
    told = house.post(path, version=now["version"], json={"again": now["version"]})
    return next(each for each in told["gates"] if each["gate"] == gate)["vertices"]


def ends(at, sample, gate):
    """Both ends of a range of the newest version."""
    told = at.page.request.get(f"{at.address}/samples/{sample['id']}/gates/newest").json()
    return next(each for each in told["gates"] if each["gate"] == gate)["intervals"][0]


def lowest_left(at):
    """Number of the vertex that is farthest to the left, from which a drag meets no other."""
    boxes = [each.bounding_box()["x"] for each in plot(at).locator(".handle").all()]
    return boxes.index(min(boxes))
