"""All pages, in the order in which somebody meets them."""

from service.pages import (
    account,
    gates,
    receptions,
    release_list,
    setup,
    sign_in,
    statics,
    worklist,
)
from service.pages.managing.every import MANAGING
from service.pages.quality.every import QUALITY
from service.pages.runs import new_run, run
from service.pages.sample import routes as sample
from service.pages.sample import signing as sample_signing
from service.pages.sample import tube as sample_tube

PAGES = (
    statics, setup, sign_in, account, worklist, receptions, new_run, run, sample, sample_signing,
    sample_tube, gates, release_list, *QUALITY, *MANAGING,
)  # fmt: skip
