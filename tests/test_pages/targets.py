"""What a finger has to hit on a page: links, buttons and fields, and how large each is."""

SMALLEST = 24  # pixels, by WCAG 2.5.8; links within a sentence are as high as its lines
_MEASURE = """smallest => {
  const inSentence = (link) => {
    if (getComputedStyle(link).display !== 'inline') return false;
    let block = link.parentElement;
    while (getComputedStyle(block).display === 'inline') block = block.parentElement;
    return [...block.childNodes].some(each => each !== link && !each.contains(link)
      && !each.matches?.('a, button, br, .sr') && /\\w/.test(each.textContent));
  };
  const size = (each) => {
    const boxes = [each, ...(each.labels ?? [])].map(part => part.getBoundingClientRect());
    return [Math.max(...boxes.map(box => box.width)), Math.max(...boxes.map(box => box.height))];
  };
  return [...document.querySelectorAll(
    'a[href], button, summary, select, textarea, input:not([type=hidden])'
  )].filter(each => each.checkVisibility({visibilityProperty: true}))
    .filter(each => !(each.matches('a') && inSentence(each)))
    .map(each => [each.textContent.trim() || each.name, ...size(each).map(Math.round)])
    .filter(([, width, height]) => width < smallest || height < smallest);
}"""


def too_small(page):
    """Name, width and height of each target that is smaller than a finger needs.

    The link that is only seen in focus is measured as it is then.
    """
    page.wait_for_load_state("load")  # its style sheets decide
    page.locator(".skip").focus()
    return page.evaluate(_MEASURE, SMALLEST)
