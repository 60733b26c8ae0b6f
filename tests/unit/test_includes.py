# SPDX-License-Identifier: MIT
"""The plan of the house, held: which folder may include which, and which library goes where.

Reads every #include line under src/ and include/. CONTRIBUTING.md draws the same plan for people.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(1, str(ROOT / 'tests'))

from lib import tap     # noqa: E402

ALL = ['base', 'dnssd', 'files', 'registry', 'rules', 'policy', 'wire', 'discovery', 'report']

# folder: the folders of ours that it may use, and the libraries besides libc
PLAN = {
    'include': ([], []),
    'base': ([], ['unistring']),
    'dnssd': (['base'], ['unistring']),
    'files': (['base', 'dnssd'], ['jansson', 'expat', 'ldns']),
    'registry': (['base', 'dnssd'], ['curl', 'expat', 'jansson', 'pcre2', 'unistring', 'zlib']),
    'rules': (['base', 'dnssd', 'registry'], ['unistring']),
    'policy': (['base', 'dnssd', 'files', 'registry', 'rules'], ['jansson']),
    'wire': (['base', 'dnssd'], ['pcap']),
    'discovery': (['base', 'dnssd', 'files', 'wire'], ['avahi']),
    'report': (['base', 'dnssd', 'files', 'registry', 'rules', 'policy'], ['jansson']),
    'watch': (ALL, ['curses', 'unistring']),
    'cmd': ([*ALL, 'watch'], ['jansson']),
}

LIBRARIES = {
    'avahi': r'avahi-(client|common|core)/',
    'curl': r'curl/',
    'curses': r'(curses|term)\.h$',
    'expat': r'expat\.h$',
    'ldns': r'ldns/',
    'jansson': r'jansson\.h$',
    'pcap': r'pcap/',
    'pcre2': r'pcre2\.h$',
    'unistring': r'uni(norm|str|ctype|width|case|conv|types)\.h$',
    'zlib': r'zlib\.h$',
}

# Public headers, by the folder whose code they belong to.
PUBLIC = {
    'api': None, 'sdscope': None,
    'name': 'dnssd', 'packet': 'dnssd', 'service': 'dnssd', 'txt': 'dnssd', 'type': 'dnssd',
    'registry': 'registry', 'profile': 'registry', 'check': 'rules', 'lint': 'rules',
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def files():
    for path in sorted([*ROOT.glob('src/*/*.[ch]'), *ROOT.glob('include/sdscope/*.h')]):
        folder = path.parent.name if path.parts[-3] == 'src' else 'include'
        yield folder, path


def owner_of(included):
    """The folder of ours behind a quoted include; None for what everybody may use."""
    head, _, tail = included.partition('/')
    if head == 'sdscope':
        return PUBLIC[tail.removesuffix('.h')]
    if included == 'config.h' or tail.endswith('.def'):
        return None
    return head


def library_of(included):
    return next((name for name, pattern in LIBRARIES.items() if re.match(pattern, included)), None)


def breach(folder, path, quote, included):
    """What is wrong with this line; None when nothing is."""
    folders, libraries = PLAN[folder]
    if quote == '<':
        library = library_of(included)
        if library and library not in libraries:
            return f'{folder}/ may not use {library}'
        return None
    if '/' not in included and included != 'config.h':
        return 'write the folder before the name'
    if included == 'config.h' and path.suffix == '.h':
        return 'no header includes config.h'
    owner = owner_of(included)
    if folder == 'include' or owner in (None, folder) or owner in folders:
        return None
    return f'{folder}/ may not use {owner}/'


def test_every_include_follows_the_plan():
    breaches = []
    for folder, path in files():
        for quote, included in INCLUDE.findall(path.read_text(encoding='utf-8')):
            wrong = breach(folder, path, quote, included)
            if wrong:
                breaches.append(f'{path.relative_to(ROOT)}: {included}: {wrong}')
    tap.equal(breaches, [], 'breaches of the plan')


def test_every_folder_is_in_the_plan():
    tap.equal(sorted({folder for folder, _ in files()}), sorted(PLAN), 'folders')


def test_a_breach_is_seen():
    path = ROOT / 'src/dnssd/txt.c'
    tap.equal(breach('dnssd', path, '"', 'registry/table.h'), 'dnssd/ may not use registry/')
    tap.equal(breach('rules', path, '<', 'jansson.h'), 'rules/ may not use jansson')
    tap.equal(breach('base', path, '"', 'sdscope/txt.h'), 'base/ may not use dnssd/')
    tap.equal(breach('rules', path, '"', 'sdscope/registry.h'), None)


def test_no_file_is_long():
    counts = {str(p.relative_to(ROOT)): len(p.read_text(encoding='utf-8').splitlines())
              for p in [*ROOT.glob('src/**/*'), *ROOT.glob('tests/**/*')]
              if p.suffix in ('.c', '.h', '.py', '.def')}
    tap.equal({path: n for path, n in counts.items() if n > 800}, {}, 'files past 800 lines')


if __name__ == '__main__':
    tap.main()
