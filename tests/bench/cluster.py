"""Reports of many counties on a cluster of this machine: `python -m bench.cluster OUT BUNDLE …`."""

import os
import subprocess
import sys

from distributed import LocalCluster


def main():
    """Start a scheduler and a worker a processor, and let the kit's command use them."""
    out, *bundles = sys.argv[1:]
    workers = os.cpu_count()
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
        command = [sys.executable, "-m", "tenglong", "report", *bundles, "--out", out]
        subprocess.run([*command, "--cluster", cluster.scheduler_address], check=True)


if __name__ == "__main__":
    main()
