"""What this machine and its processes are like."""

from collections.abc import Iterable
from pathlib import Path


def processor() -> str:
    """The processor's make in general words."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return "unknown make"
    makers = {"AuthenticAMD": "AMD x86-64", "GenuineIntel": "Intel x86-64"}
    return next((name for key, name in makers.items() if key in text), "other make")


def memory_mb(pids: Iterable[int]) -> list[tuple[float, float]]:
    """(PSS, RSS) in MB of each process that still lives: PSS divides what processes share among them."""
    return [found for pid in pids if (found := _memory_mb(pid))]


def _memory_mb(pid: int) -> tuple[float, float] | None:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines[1:] if line.endswith("kB")}
    return sizes["Pss"], sizes["Rss"]
