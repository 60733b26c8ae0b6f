# SPDX-License-Identifier: MIT
import sys
from pathlib import Path

if not __package__:                 # run by its path
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fakelan.cli import main        # noqa: E402

sys.exit(main())
