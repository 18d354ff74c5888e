"""Whether the compensation fits the tube. Four witnesses, each for what it can see.

The PE beads are a single stain: they show how much PE each detector really sees (`beads`). The
tube's HLA-DR-bright lymphocytes carry no CD14, so they must show none (`b_cells`). Its granulocytes
carry hardly any HLA-DR, so those with more CD14 must not show more (`granulocytes`): the only cells
that tell about the way from CD14 to PE, on which the number rests. And beads and sample that were
measured alike should have been given one matrix (`matrices`).
"""
