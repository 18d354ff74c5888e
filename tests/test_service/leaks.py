"""Digits of a number that may not leave, looked for in what leaves."""

import re


def digits(told):
    """How the numbers of an analysis begin and how they are printed."""
    measured = told["result"]["hla_dr"] or told["result"]["unreleasable"]
    found = (measured["abc"], *measured["ci95"], measured["abc_median"], measured["mfi"])
    return [text for each in found for text in (f"{each:.3f}"[:-1], f"{each:.0f}", f"{each:,.0f}")]


def leaked(told, text):
    """Those of its digits that stand in a text; four digits inside of a hash or an id are none."""
    whole = r"(?<![\w.-]){}(?![\w-])"
    return [
        each
        for each in digits(told)
        if (each in text if "." in each else re.search(whole.format(re.escape(each)), text))
    ]
