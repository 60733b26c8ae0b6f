# SPDX-License-Identifier: MIT
"""What all Python tests share: the TAP layer and a handle on the program under test."""
