"""Unusual blood: too few of a kind, too many, or cells that a healthy person does not have."""

from dataclasses import replace

from oracle_hostile_case import DOUBTFUL, REFUSE, SICK, SOUND, WELL, Case


def _blood(expects: str, *, level=None, answer=True, large=False, **fields) -> Case:
    return Case(
        expects,
        blood=lambda recipe, _: replace(recipe, **fields),
        level=level,
        answer=answer,
        large=large,
    )


_LYMPHOCYTES = dict.fromkeys(("t_cell", "activated_t_cell", "b_cell", "nk_cell"), 0.0)
_ONLY_GRANULOCYTES = _LYMPHOCYTES | {"myeloid_dendritic": 0.0, "plasmacytoid_dendritic": 0.0}

FEW = {
    "leukopenia": _blood(
        DOUBTFUL,
        n_events=60_000,
        monocytes=350,
        not_cells={"debris": 62.0, "platelet": 12.0, "red_cell": 14.0},
    ),
    "monocytes_200": _blood(DOUBTFUL, monocytes=200),
    "monocytes_400": _blood(DOUBTFUL, monocytes=400),
    "no_lymphocytes": _blood(DOUBTFUL, leukocytes=_LYMPHOCYTES),
    "no_b_cells": _blood(DOUBTFUL, leukocytes={"b_cell": 0.0}),
    "pbmc": _blood(
        SOUND, leukocytes={"neutrophil": 0.8, "immature_granulocyte": 0.1, "eosinophil": 0.1}
    ),
    "granulocytes_only": _blood(REFUSE, monocytes=0, leukocytes=_ONLY_GRANULOCYTES, answer=False),
    "granulocytes_only_cd64": _blood(
        REFUSE, monocytes=0, leukocytes=_ONLY_GRANULOCYTES, granulocyte_cd14=0.25, answer=False
    ),
    "no_monocytes": _blood(REFUSE, monocytes=0, answer=False),
    "events_5000": _blood(DOUBTFUL, n_events=5_000),
    "events_1000000": _blood(SOUND, n_events=1_000_000, large=True),
}

MANY = {
    "debris_85": _blood(SOUND, n_events=140_000, monocytes=1_400, not_cells={"debris": 85.0}),
    "red_cells_50": _blood(SOUND, n_events=90_000, not_cells={"red_cell": 50.0}),
    "platelet_monocytes_60": _blood(SOUND, platelet_share=0.6),
    "eosinophils_30": _blood(SOUND, leukocytes={"eosinophil": 30.0}),
    "eosinophils_60": _blood(SOUND, leukocytes={"eosinophil": 60.0}, monocytes=1_800),
    "basophils_8": _blood(SOUND, leukocytes={"basophil": 8.0}),
    "b_cells_80": _blood(SOUND, n_events=60_000, leukocytes={"b_cell": 80.0}, monocytes=1_800),
    # ten times as many as blood has, brighter than the detector: some look CD14-dim
    "dendritic_cells_5": _blood(
        DOUBTFUL, leukocytes={"myeloid_dendritic": 3.0, "plasmacytoid_dendritic": 2.0}
    ),
    "monocytes_45": _blood(SOUND, monocytes=15_000),
    "nonclassical_30": _blood(
        SOUND, level=WELL, monocyte_mix={"classical": 62.0, "nonclassical": 30.0}
    ),
    "immature_granulocytes_40": _blood(
        SOUND,
        leukocytes={"immature_granulocyte": 40.0},
        kinds={"immature_granulocyte": {"cd14": 0.035}},  # 0.05 of the monocytes' in the sick
    ),
    # blasts of the size of lymphocytes, some with HLA-DR: a person must look
    "blasts_10": _blood(DOUBTFUL, strangers={"blast": 10.0}),
    "blasts_40": _blood(DOUBTFUL, strangers={"blast": 40.0}, monocytes=1_800),
    "monoblasts_20": _blood(DOUBTFUL, strangers={"monoblast": 20.0}),
}

STAINED_OTHERWISE = {
    "granulocyte_cd14_01": _blood(SOUND, granulocyte_cd14=0.1),
    "granulocyte_cd14_02": _blood(SOUND, granulocyte_cd14=0.2),
    "granulocyte_cd14_03": _blood(DOUBTFUL, granulocyte_cd14=0.3),
    "granulocyte_cd14_04": _blood(DOUBTFUL, granulocyte_cd14=0.4),
    "granulocytes_hla_dr": _blood(
        SOUND,
        kinds={
            "neutrophil": {"hla_dr": 3_000.0, "hla_dr_sd": 0.3},
            "immature_granulocyte": {"hla_dr": 2_500.0, "hla_dr_sd": 0.35},
        },
    ),
    "monocytes_cd14_low": _blood(DOUBTFUL, level=SICK, cd14_factor=0.3),
    "no_hla_dr_stain": _blood(DOUBTFUL, unstained=True, answer=False),
}

CASES = FEW | MANY | STAINED_OTHERWISE
