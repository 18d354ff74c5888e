"""What chromium shows of a page, as a picture."""

import subprocess
import tempfile
from pathlib import Path


def photograph(chromium: str, page: str, target: Path, size: tuple[int, int]) -> None:
    """Show HTML in a window of `size` (width, height) pixels and keep what is seen."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page, encoding="utf-8")
        command = [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--hide-scrollbars", f"--user-data-dir={folder}/profile",
            f"--screenshot={target}", f"--window-size={size[0]},{size[1]}", source.as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 - our own page
