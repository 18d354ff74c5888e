"""Three other ways to find the monocytes, to stand beside the automatic gate.

All see the same cells on the same scaled axes (CD14, side scatter, forward scatter, CD45 where
there is one) and none sees HLA-DR. `rival_settings.py` tells how the settings were chosen.

- `GaussianMixtures`: scikit-learn's mixture with full covariances, components counted by BIC.
- `Valleys`: one-dimensional valleys, as flowDensity has them [1]_: CD14 at the valley of its
  density, then side scatter between its valleys.
- `Means`: scikit-learn's k-means.

References
----------
.. [1] Malek M et al. Bioinformatics 2015;31:606-607.
"""

import warnings
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

CD14, SSC = 0, 1
COMPONENTS = range(3, 13)
ALIKE_SSC = 0.5  # natural log: clusters of one kind lie no farther apart in side scatter


@dataclass(frozen=True, slots=True)
class Picking:
    """Which clusters are the monocytes: the brightest in CD14 with enough events, and its like.

    `least` is the share of the cells that is enough; `reach` how much less CD14 (scaled: natural
    log) a cluster with the same side scatter may have and still be one of them.
    """

    least: float
    reach: float

    def chosen(self, centre: np.ndarray, share: np.ndarray) -> np.ndarray:
        """Mask over clusters; `centre` (k, axes), `share` (k,) of the cells."""
        enough = share >= self.least
        if not enough.any():
            return enough
        brightest = int(np.where(enough, centre[:, CD14], -np.inf).argmax())
        apart = centre - centre[brightest]
        alike = (apart[:, CD14] >= -self.reach) & (np.abs(apart[:, SSC]) < ALIKE_SSC)
        alike[brightest] = True
        return alike


@dataclass(frozen=True, slots=True)
class GaussianMixtures:
    """`sample` cells drawn by chance are fitted with each number of components."""

    sample: int = 5_000
    picking: Picking = Picking(0.005, 0.0)

    def gate(self, cells: np.ndarray) -> np.ndarray:
        """Mask of the monocytes among some cells, shape (n, axes)."""
        kind, centre = self.clusters(cells)
        return picked(kind, centre, self.picking)

    def clusters(self, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Component of each cell (n,), and the components' centres (k, axes)."""
        drawn = _drawn(cells, self.sample)
        with threadpool_limits(1), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            fits = [
                GaussianMixture(k, reg_covar=1e-4, max_iter=200, random_state=0).fit(drawn)
                for k in COMPONENTS
                if k < len(drawn)
            ]
            best = min(fits, key=lambda fit: fit.bic(drawn))
            return best.predict(cells), best.means_


@dataclass(frozen=True, slots=True)
class Means:
    """`k` clusters of axes that are divided by their spread, or not."""

    k: int = 4
    even: bool = True
    picking: Picking = Picking(0.005, 0.0)

    def gate(self, cells: np.ndarray) -> np.ndarray:
        """Mask of the monocytes among some cells, shape (n, axes)."""
        kind, centre = self.clusters(cells)
        return picked(kind, centre, self.picking)

    def clusters(self, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cluster of each cell (n,), and the clusters' centres (k, axes)."""
        spread = cells.std(axis=0) if self.even else np.ones(cells.shape[1])
        with threadpool_limits(1), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            found = KMeans(self.k, n_init=5, random_state=0).fit(cells / spread)
        return found.labels_, found.cluster_centers_ * spread


@dataclass(frozen=True, slots=True)
class Valleys:
    """CD14 above a valley of its density, then side scatter about the main hill of what is left.

    `adjust` multiplies the rule-of-thumb bandwidth; hills lower than `least` of the tallest do not
    count; `brightest`: the last valley instead of the deepest; `spread` bounds side scatter in
    robust standard deviations where no valley does; `granulocytes_first`: the valley of side
    scatter is sought before CD14.
    """

    adjust: float = 2.0
    least: float = 0.01
    brightest: bool = True
    spread: float = 5.0
    granulocytes_first: bool = False

    def gate(self, cells: np.ndarray) -> np.ndarray:
        """Mask of the monocytes among some cells, shape (n, axes)."""
        kept = np.ones(len(cells), dtype=bool)
        if self.granulocytes_first:
            valleys = _valleys(cells[:, SSC], self.adjust, self.least)
            if valleys:
                kept = cells[:, SSC] < valleys[-1][0]
        kept &= cells[:, CD14] >= self._cd14_edge(cells[kept, CD14])
        low, high = self._about_the_hill(cells[kept, SSC])
        return kept & (cells[:, SSC] >= low) & (cells[:, SSC] < high)

    def _cd14_edge(self, cd14: np.ndarray) -> float:
        valleys = _valleys(cd14, self.adjust, self.least)
        if not valleys:
            return _tail(cd14, self.adjust)
        return valleys[-1][0] if self.brightest else min(valleys, key=lambda each: each[1])[0]

    def _about_the_hill(self, ssc: np.ndarray) -> tuple[float, float]:
        if ssc.size < 20:
            return -np.inf, np.inf
        x, density = _density(ssc, self.adjust)
        hill = x[density.argmax()]
        spread = 1.4826 * float(np.median(np.abs(ssc - hill)))
        edges = [edge for edge, _ in _valleys(ssc, self.adjust, self.least)]
        low = max([hill - self.spread * spread, *(each for each in edges if each < hill)])
        return low, min([hill + self.spread * spread, *(each for each in edges if each > hill)])


def picked(kind: np.ndarray, centre: np.ndarray, picking: Picking) -> np.ndarray:
    """Mask of the cells whose cluster is chosen."""
    share = np.bincount(kind, minlength=len(centre)) / kind.size
    return picking.chosen(centre, share)[kind]


def _drawn(cells: np.ndarray, at_most: int) -> np.ndarray:
    if len(cells) <= at_most:
        return cells
    return cells[np.random.default_rng(0).choice(len(cells), at_most, replace=False)]


def _density(values: np.ndarray, adjust: float) -> tuple[np.ndarray, np.ndarray]:
    """Gaussian kernel density on 512 places, its bandwidth by Silverman's rule of thumb."""
    quartiles = np.percentile(values, (25, 75))
    spread = min(float(values.std()), float(np.ptp(quartiles)) / 1.34) or 1e-3
    width = adjust * 0.9 * spread * values.size**-0.2
    edges = np.linspace(values.min() - 3 * width, values.max() + 3 * width, 513)
    counts = np.histogram(values, edges)[0].astype(float)
    step = edges[1] - edges[0]
    reach = int(min(np.ceil(4 * width / step), 255))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * step / width) ** 2)
    return 0.5 * (edges[1:] + edges[:-1]), np.convolve(counts, kernel / kernel.sum(), mode="same")


def _valleys(values: np.ndarray, adjust: float, least: float) -> list[tuple[float, float]]:
    """Place and density of the lowest point between each two hills, lowest value first."""
    if values.size < 20:
        return []
    x, density = _density(values, adjust)
    middle = density[1:-1]
    hills = 1 + np.flatnonzero(
        (middle > density[:-2]) & (middle >= density[2:]) & (middle > least * density.max())
    )
    places = [a + int(density[a:b].argmin()) for a, b in pairwise(hills)]
    return [(float(x[each]), float(density[each])) for each in places]


def _tail(values: np.ndarray, adjust: float) -> float:
    """Where the slope right of the only hill has almost come to rest (a twentieth of its most)."""
    if values.size < 20:
        return np.inf
    x, density = _density(values, adjust)
    hill = int(density.argmax())
    slope = np.abs(np.gradient(density))[hill:]
    steepest = int(slope.argmax())
    resting = np.flatnonzero(slope[steepest:] < 0.05 * slope.max())
    return float(x[hill + steepest + resting[0]]) if resting.size else np.inf
