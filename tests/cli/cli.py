# SPDX-License-Identifier: MIT
"""Makes tests/lib importable, so that every test here runs by its path; what these tests share."""

import json
import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))

from lib import sdscope, tap                     # noqa: E402,F401

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ('audit', 'browse', 'check', 'demo', 'explain', 'record', 'registry', 'rules', 'watch')


@contextmanager
def scratch():
    """A folder that goes away, for tests that need files: tap.main(setup=scratch)."""
    with tempfile.TemporaryDirectory(prefix='sdscope-cli-') as path:
        yield Path(path)


def fresh(folder):
    """A new folder in it."""
    return Path(tempfile.mkdtemp(dir=folder))


def write(path, content):
    """Write text, bytes, or a value as JSON; the path."""
    if not isinstance(content, (str, bytes)):
        content = json.dumps(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(result, *words):
    """It ended with 2, printed nothing, and said why in one safe line that has these words."""
    result.expect(2)
    tap.equal(result.stdout, '', f'{result}\nstandard output')
    return told(result, *words)


def told(result, *words):
    """The one line of standard error, safe to print, which has these words."""
    lines = result.stderr.splitlines()
    tap.equal(len(lines), 1, f'{result}\nlines on standard error')
    tap.check(lines[0].startswith('sdscope: '), f'{result}\nthe line does not say who speaks')
    tap.check(lines[0].isprintable(), f'{result}\nthe line is not safe: {lines[0]!a}')
    tap.includes(lines[0], words, str(result))
    return lines[0]


def report(*arguments, **options):
    """The JSON report of a check."""
    return sdscope.run('check', '-f', 'json', *arguments, **options).expect(0, 1).report


def service(*arguments, **options):
    """The only service of a check."""
    services = report(*arguments, **options)['services']
    tap.equal(len(services), 1, 'services')
    return services[0]


def rules(service_):
    return [f['rule'] for f in service_['findings']]


def rdata(*strings):
    """TXT strings as the hex of their RDATA."""
    return b''.join(bytes([len(s)]) + s.encode() for s in strings).hex()


def shared(name):
    """A file of IANA's, which is no part of the project; skipped where it is missing."""
    given = os.environ.get('SDSCOPE_SHARED')
    places = [Path(given)] if given else [p / 'shared' for p in (ROOT, *ROOT.parents)][1:4]
    for place in places:
        if (place / 'data' / name).exists():
            return place / 'data' / name
    raise tap.Skip(f'no {name}; SDSCOPE_SHARED names the folder above data/')


def validate(document, schema):
    """Hold a document to registry/schema/<schema>.schema.json."""
    try:
        import jsonschema
    except ImportError:
        raise tap.Skip('python3-jsonschema is not installed') from None
    folder = ROOT / 'registry/schema'
    schemas = {path.name: json.loads(path.read_text(encoding='utf-8'))
               for path in folder.glob('*.json')}
    wanted = schemas[f'{schema}.schema.json']
    try:                                        # they refer to each other by file name
        from referencing import Registry, Resource
        known = {'registry': Registry().with_resources(
            (name, Resource.from_contents(content)) for name, content in schemas.items())}
    except ImportError:                         # jsonschema before 4.18
        known = {'resolver': jsonschema.RefResolver(folder.as_uri() + '/', wanted)}
    errors = jsonschema.Draft202012Validator(wanted, **known).iter_errors(document)
    tap.equal([f'{e.json_path}: {e.message}' for e in errors], [], f'{schema} schema')
