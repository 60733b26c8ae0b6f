# SPDX-License-Identifier: MIT
"""README.md tells the truth: its commands are understood, its examples print what it shows."""

import json
import os
import re
import shlex

from cli import ROOT, fresh, scratch, sdscope, tap, write

TEXT = (ROOT / 'README.md').read_text()


def blocks():
    """The indented blocks, without their indent; blank lines inside them are theirs."""
    found = re.findall(r'(?:^    .*\n(?:\n(?=    ))*)+', TEXT, re.MULTILINE)
    return [re.sub(r'^    ', '', block, flags=re.MULTILINE) for block in found]


def objects():
    """Those that are JSON."""
    return [json.loads(block) for block in blocks() if block.startswith('{')]


def commands():
    """The words of each `sdscope COMMAND ...`, up to a comment or a pipe."""
    lines = re.findall(r'^    sdscope (.*)$|run: sdscope (.*)$', TEXT, re.MULTILINE)
    return [shlex.split((a or b).split('  #')[0].split(' | ')[0], comments=True) for a, b in lines]


def without_count(text):
    """A report but for the number of rules without evidence, which each new rule may change."""
    return re.sub(r'evidence: \d+ rules$', 'evidence: some rules', text.rstrip('\n'))


def test_every_command_is_understood(folder):
    tap.check(len(commands()) > 25, 'commands')
    for words in commands():
        sdscope.run(*words, '--help', cwd=fresh(folder)).expect(0)


def test_what_check_prints_is_what_is_shown(folder):
    shown = [block.split('\n', 1) for block in blocks() if block.startswith('$ sdscope check ')]
    tap.check(shown, 'examples')
    for command, output in shown:
        printed = sdscope.run(*shlex.split(command)[2:], cwd=fresh(folder)).stdout
        tap.equal(without_count(printed), without_count(output), command)


def test_the_service_in_json_is_right(folder):
    given = [o for o in objects() if 'type' in o]
    tap.equal(len(given), 1, 'services')
    path = write(folder / 'service.json', given[0])
    sdscope.run('check', '--policy', 'none', '--from', path).expect(0)


def test_the_policy_is_right(folder):
    given = [o for o in objects() if 'sdscope_policy' in o]
    tap.equal(len(given), 1, 'policies')
    sdscope.run('check', '--policy', write(folder / 'policy.json', given[0]), '_leaf._tcp').expect(0)


def test_the_files_that_it_leads_to_are_there(_folder):
    for path in re.findall(r'\]\(([^)#:]+)\)', TEXT) + re.findall(r'see (registry/\S+\.json)', TEXT):
        tap.check(os.path.exists(ROOT / path), path)


if __name__ == '__main__':
    tap.main(setup=scratch, needs=sdscope.program)
