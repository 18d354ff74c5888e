"""What a cytometer does with light: spillover, photo-electrons, gain, noise, digits, keywords.

Everything is decided once a laboratory (one ``Instrument``) and used for its beads and its blood.
Dye *i* has detector *i*; ``spill[i, j]`` is the light of dye *i* in detector *j*, unit diagonal.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from oracle_fcs import FLOAT, TEN_BIT, TWENTY_BIT, Parameter, Recording, Storage

TOP = 262143.0
FITC, PE, PERCP, CD45 = 0, 1, 2, 3
FIRST_DAY = datetime(2026, 1, 5, 9, 30)  # noqa: DTZ001 - a laboratory's wall clock


@dataclass(frozen=True, slots=True)
class Light:
    """Particles at the laser, before any detector; scatter areas of a standard laboratory."""

    fsc: np.ndarray
    ssc: np.ndarray
    height: np.ndarray  # peak over area of the pulse, 1 for a single particle
    pe: np.ndarray  # PE molecules
    cd14: np.ndarray  # 1 = classical monocyte of the healthy
    cd45: np.ndarray  # 1 = lymphocyte
    autofluorescence: np.ndarray  # PE molecules that would shine as much in the PE detector


@dataclass(frozen=True, slots=True)
class Instrument:
    pe_gain: float  # channel units per PE molecule
    cd14_units: float  # channel units of a healthy classical monocyte
    cd45_units: float  # channel units of a lymphocyte
    spill: np.ndarray
    per_electron: np.ndarray  # channel units per photo-electron, by detector
    noise: np.ndarray  # SD of electronic noise, channel units
    own_glow: np.ndarray  # autofluorescence of a detector relative to the PE detector
    optical_cv: float
    fsc_scale: float
    ssc_scale: float
    area_scaling: float
    pe_voltage: int
    serial: str
    names: tuple[str, ...]
    day: datetime
    kind: str = "digital"  # "digital", "log" (FACSCalibur), "linear20"
    log_slope: float = 1.0
    pe_height: bool = False
    writes_matrix: bool = True

    def fluorescence(self, light: Light, rng: np.random.Generator) -> np.ndarray:
        """Channel units in every detector: expected light, Poisson electrons, gain, noise."""
        n = len(light.pe)
        detectors = len(self.names)
        expected = np.outer(light.pe * self.pe_gain, self.spill[PE])
        expected += np.outer(light.cd14 * self.cd14_units, self.spill[PERCP])
        if detectors > CD45:
            expected += np.outer(light.cd45 * self.cd45_units, self.spill[CD45])
        expected += np.outer(light.autofluorescence * self.pe_gain, self.own_glow)
        expected *= rng.normal(1.0, self.optical_cv, (n, 1)).clip(0.5)
        electrons = rng.poisson(expected / self.per_electron)
        noise = rng.standard_normal((n, detectors), dtype=np.float32)
        return electrons * self.per_electron + noise * self.noise

    def scatter(self, light: Light, rng: np.random.Generator) -> dict[str, np.ndarray]:
        fsc = light.fsc * self.fsc_scale
        ssc = light.ssc * self.ssc_scale
        # area over height grows with the size of a cell, as on every BD digital instrument
        ratio = self.area_scaling * (0.9 + 0.2 * -np.expm1(-light.fsc / 50_000.0))
        fsc_height = fsc / ratio * light.height * rng.normal(1.0, 0.02, len(fsc))
        ssc_height = ssc / ratio * light.height * rng.normal(1.0, 0.03, len(ssc))
        fsc_height += rng.normal(0.0, 150.0, len(fsc))
        return {
            "FSC-A": fsc,
            "FSC-H": fsc_height.clip(1.0),
            "FSC-W": 65536.0 * fsc / fsc_height.clip(200.0) * rng.normal(1.0, 0.006, len(fsc)),
            "SSC-A": ssc,
            "SSC-H": ssc_height.clip(1.0),
        }

    def measure(
        self, light: Light, times: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, list[str]]:
        """Columns as digitised and their names; ``times`` in seconds."""
        scatter = self.scatter(light, rng)
        glow = self.fluorescence(light, rng)
        if self.kind == "log":
            return self._log_digits(scatter, glow, times), [
                *("FSC-H", "SSC-H", "FL1-H", "FL2-H", "FL3-H", "Time")
            ]
        columns = {name: np.maximum(value, 0.0) for name, value in scatter.items()}
        columns |= dict(zip(self.names, glow.T, strict=True))
        if self.pe_height:
            columns["PE-H"] = 0.8 * columns["PE-A"] * light.height
        table = np.column_stack(list(columns.values()))
        if self.kind == "linear20":
            table = np.minimum(4.0 * table, 1_048_575.0)
        else:
            table = np.minimum(table, TOP)
        return np.column_stack([table, np.floor(times * 100.0)]), [*columns, "Time"]

    def _log_digits(
        self, scatter: dict[str, np.ndarray], glow: np.ndarray, times: np.ndarray
    ) -> np.ndarray:
        """FACSCalibur: pair-wise subtraction in hardware, four-decade amplifiers, 1024 channels."""
        pe = glow[:, PE] - self.spill[PERCP, PE] * glow[:, PERCP]
        percp = glow[:, PERCP] - self.spill[PE, PERCP] * glow[:, PE]
        columns = [scatter["FSC-H"] / 256.0, scatter["SSC-H"] / 256.0]
        for value in (glow[:, FITC], pe, percp):
            amplified = 100.0 * (np.maximum(value, 1e-3) / 100.0) ** self.log_slope
            columns.append(256.0 * np.log10(amplified))
        columns.append(times * 20.0)  # ticks of 50 ms
        return np.column_stack(columns)

    def file(
        self, table: np.ndarray, names: list[str], *, tube: str, markers: bool, minutes: float
    ) -> bytes:
        return self.recording(table, names, tube=tube, markers=markers, minutes=minutes).to_bytes()

    def recording(
        self, table: np.ndarray, names: list[str], *, tube: str, markers: bool, minutes: float
    ) -> Recording:
        begin = self.day + timedelta(minutes=minutes)
        clock = 0.05 if self.kind == "log" else 0.01
        seconds = float(table[-1, -1]) * clock if len(table) else 0.0
        keywords = {
            "$FIL": f"{tube.replace(' ', '_')}.fcs",
            "$SRC": tube.split(maxsplit=1)[0],
            "$DATE": begin.strftime("%d-%b-%Y").upper(),
            "$BTIM": begin.strftime("%H:%M:%S"),
            "$ETIM": (begin + timedelta(seconds=seconds)).strftime("%H:%M:%S"),
            "TUBE NAME": tube,
        }
        keywords |= self._keywords()
        parameters = tuple(self._parameter(name, markers=markers) for name in names)
        storage: Storage = {"digital": FLOAT, "log": TEN_BIT, "linear20": TWENTY_BIT}[self.kind]
        return Recording(table, parameters, keywords, storage)

    def _keywords(self) -> dict[str, str]:
        if self.kind == "log":
            return {
                "$SYS": "Macintosh System Software 9.2.2",
                "$CYT": "FACSCalibur",
                "CYTNUM": self.serial,
                "CREATOR": "CELLQuest Pro",
                "TIMETICKS": "50",
            }
        matrix = {"$SPILLOVER": matrix_text(self.names, self.spill)}
        return (matrix if self.writes_matrix else {}) | {
            "$SYS": "Windows 7 6.1",
            "$CYT": "FACSCanto II",
            "$CYTSN": self.serial,
            "CREATOR": "BD FACSDiva Software Version 8.0.1",
            "$TIMESTEP": "0.01",
            "APPLY COMPENSATION": "TRUE",
            "THRESHOLD": "FSC,5000",
        }

    def _parameter(self, name: str, *, markers: bool) -> Parameter:
        range_ = {"log": 1024, "digital": 262144, "linear20": 1048576}[self.kind]
        if name == "Time":
            gain = None if self.kind == "log" else 0.01
            return Parameter(name, 1024 if self.kind == "log" else 262144, gain=gain)
        stains = {
            "PE-A": "HLA-DR",
            "PE-H": "HLA-DR",
            "FL2-H": "HLA-DR",
            "PerCP-Cy5-5-A": "CD14",
            "FL3-H": "CD14",
            "APC-H7-A": "CD45",
            "V500-C-A": "CD45",
        }
        decades = "4,1" if name.startswith("FL") else "0,0"
        return Parameter(
            name,
            range_,
            marker=stains.get(name) if markers else None,
            voltage=self._voltage(name),
            gain=None if self.kind == "log" else 1.0,
            decades=decades,
        )

    def _voltage(self, name: str) -> int:
        if name in {"PE-A", "PE-H", "FL2-H"}:
            return self.pe_voltage
        fixed = {"FSC": 380, "SSC": 410, "FIT": 420, "FL1": 510, "APC": 530, "V50": 455}
        if name[:3] in fixed:
            return fixed[name[:3]] + int(self.serial[-2:])
        return round(520.0 * (self.cd14_units / 20_000.0) ** (1.0 / 7.0))


def matrix_text(names: tuple[str, ...], matrix: np.ndarray) -> str:
    numbers = ",".join(f"{value:.6g}" for value in matrix.ravel())
    return f"{len(names)},{','.join(names)},{numbers}"


def draw_instrument(
    rng: np.random.Generator, *, cd45: bool, pe_gain: tuple[float, float], cd14: tuple[float, float]
) -> Instrument:
    """One laboratory's settings. A voltage moves the gain with about its seventh power."""
    gain = float(np.exp(rng.uniform(*np.log(pe_gain))))
    units = float(np.exp(rng.uniform(*np.log(cd14))))
    third = ("APC-H7-A", "V500-C-A")[int(rng.integers(2))]
    names = (
        ("FITC-A", "PE-A", "PerCP-Cy5-5-A", third) if cd45 else ("FITC-A", "PE-A", "PerCP-Cy5-5-A")
    )
    spill = np.array(
        [
            [1.0, rng.uniform(0.12, 0.25), rng.uniform(0.01, 0.04), 0.0],
            [rng.uniform(0.004, 0.015), 1.0, rng.uniform(0.10, 0.25), rng.uniform(0.0, 0.002)],
            [0.0, rng.uniform(0.005, 0.02), 1.0, rng.uniform(0.02, 0.08)],
            [rng.uniform(0.0, 0.002), rng.uniform(0.0, 0.002), rng.uniform(0.002, 0.012), 1.0],
        ]
    ).round(5)
    cd45_units = float(np.exp(rng.uniform(*np.log((12_000.0, 60_000.0)))))
    per_electron = np.array(
        [
            rng.uniform(6.0, 15.0),
            gain / rng.uniform(0.12, 0.25),  # photo-electrons per PE molecule
            units / rng.uniform(700.0, 2500.0),  # of a classical monocyte
            cd45_units / rng.uniform(800.0, 2500.0),  # of a lymphocyte
        ]
    )
    noise = np.array([rng.uniform(12, 25), rng.uniform(12, 28), rng.uniform(15, 40), 30.0])
    glow = np.array([rng.uniform(0.8, 2.0), 1.0, rng.uniform(0.3, 1.0), rng.uniform(0.05, 0.3)])
    kept = len(names)
    return Instrument(
        pe_gain=gain,
        cd14_units=units,
        cd45_units=cd45_units,
        spill=spill[:kept, :kept],
        per_electron=per_electron[:kept],
        noise=noise[:kept],
        own_glow=glow[:kept],
        optical_cv=float(rng.uniform(0.015, 0.03)),
        fsc_scale=float(rng.uniform(0.75, 1.25)),
        ssc_scale=float(rng.uniform(0.75, 1.25)),
        area_scaling=float(rng.uniform(0.92, 1.12)),
        pe_voltage=round(430.0 * gain ** (1.0 / 7.0)),
        serial=f"V963{rng.integers(10_000, 99_999)}",
        names=names,
        day=FIRST_DAY + timedelta(days=int(rng.integers(300)), minutes=int(rng.integers(480))),
    )


def as_calibur(instrument: Instrument, rng: np.random.Generator) -> Instrument:
    """The same light on a FACSCalibur: scale 1 to 10,000, hardware compensation, log amplifiers."""
    gain = float(rng.uniform(0.06, 0.11))
    units = float(np.exp(rng.uniform(*np.log((250.0, 2500.0)))))
    ratio = np.array([1.0 / 25.0, gain / instrument.pe_gain, units / instrument.cd14_units])
    return replace(
        instrument,
        pe_gain=gain,
        cd14_units=units,
        spill=instrument.spill[:3, :3],
        per_electron=instrument.per_electron[:3] * ratio,
        noise=np.array([0.8, rng.uniform(0.4, 0.9), rng.uniform(0.5, 1.2)]),
        own_glow=instrument.own_glow[:3],
        names=("FL1-H", "FL2-H", "FL3-H"),
        pe_voltage=round(600.0 * (gain / 0.08) ** (1.0 / 7.0)),
        serial=f"E97{instrument.serial[-5:]}",
        kind="log",
        log_slope=float(rng.uniform(0.985, 1.015)),
    )


def pair_height(first: np.ndarray, second: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """Peak over area, relative to a single particle, of two Gaussian pulses ``apart`` SDs apart."""
    time = np.linspace(0.0, 1.0, 9)[:, None] * apart
    pulse = first * np.exp(-0.5 * time**2) + second * np.exp(-0.5 * (time - apart) ** 2)
    return pulse.max(axis=0) / (first + second)


def draw_apart(n: int, rng: np.random.Generator) -> np.ndarray:
    """Two that stick together are drawn out along the stream; others pass by coincidence."""
    stuck = 2.1 * rng.beta(4.0, 1.4, n)
    return np.where(rng.random(n) < 0.7, stuck, rng.uniform(0.5, 4.0, n))


def arrival_times(n: int, per_second: float, rng: np.random.Generator) -> np.ndarray:
    return np.cumsum(rng.exponential(1.0 / per_second, n))
