"""What is doubtful about gates drawn by hand.

How far they are from the automatic gate (`difference`), whether they hold what the program that
drew them counted (`counts`), whether they chose cells by HLA-DR (`selection`), whether an
outline crosses itself (`crossing`), and whether they were compensated otherwise than the number
(`matrix`).
"""
