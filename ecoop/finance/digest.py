"""The fingerprint of a case: equal inputs give equal digests, however the file was written."""

import dataclasses
import hashlib
import json
from functools import lru_cache

from ecoop.finance.inputs import CaseInputs

ENGINE_VERSION = "1"
"""Goes up whenever the engine can give another answer to the same inputs."""


@lru_cache(maxsize=256)
def canonical_digest(inputs: CaseInputs) -> str:
    """Fingerprint of validated inputs.

    Returns
    -------
    str
        SHA-256 in hexadecimal over JSON with sorted keys. Whole numbers given for fractions, the order of keys, and
        neutral values of keys that may stay away make no difference; the order of lists does.
    """
    text = json.dumps(dataclasses.asdict(inputs), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
