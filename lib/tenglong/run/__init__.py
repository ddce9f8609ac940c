"""Do: parameters, kernels, publication and the command line."""

import sys

# jsonschema, which papermill, nbformat and nbconvert import, loads 35 grammars through this
# package (1.1 s of every start) for a check of IRIs that notebooks never ask for. It takes the
# package's absence in its stride.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None means "absent"
