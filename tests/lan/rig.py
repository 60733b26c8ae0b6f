# SPDX-License-Identifier: MIT
"""Makes tests/lib importable, so that every test here runs by its path."""

import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))

from lib import sdscope, tap                     # noqa: E402,F401
from lib.child import die_with_parent            # noqa: E402,F401
from lib.poll import PATIENCE_S, wait_for        # noqa: E402,F401
from lib.terminal import Tmux                    # noqa: E402,F401
