# SPDX-License-Identifier: MIT
"""libsdscope as another program meets it: installed, found by pkg-config, compiled against."""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from cli import ROOT, sdscope, tap

WARNINGS = '-Wall', '-Wextra', '-Wpedantic', '-Werror'
SANITIZE = os.environ.get('SDSCOPE_SANITIZE', 'none')
CC = [*shlex.split(os.environ.get('CC', 'cc')),
      *([f'-fsanitize={SANITIZE}'] if SANITIZE != 'none' else [])]
CXX = ['clang++' if 'clang' in ' '.join(CC) else 'c++', *(word for word in CC if word[0] == '-')]


def call(*command, **options):
    """What it prints; a failure shows what it said."""
    result = subprocess.run([str(c) for c in command], capture_output=True, text=True,
                            check=False, **options)
    tap.equal(result.returncode, 0,
              f'{" ".join(map(str, command))}\n{result.stdout[-1500:]}{result.stderr[-1500:]}\nstatus')
    return result.stdout


@contextmanager
def installed():
    for tool in ('meson', 'pkg-config'):
        if not shutil.which(tool):
            raise tap.Skip(f'no {tool}')
    build = os.environ.get('SDSCOPE_BUILD')
    if not build:
        raise tap.Skip('SDSCOPE_BUILD names no build folder')
    with tempfile.TemporaryDirectory(prefix='sdscope-install-') as name:
        root = Path(name)
        call('meson', 'install', '-C', build, '--no-rebuild', '--destdir', root)
        library = next(root.rglob('libsdscope.so'))
        variables = {**os.environ, 'PKG_CONFIG_SYSROOT_DIR': name,
                     'PKG_CONFIG_PATH': str(library.parent / 'pkgconfig'),
                     'LD_LIBRARY_PATH': str(library.parent)}
        flags = call('pkg-config', '--cflags', '--libs', 'sdscope', env=variables).split()
        yield SimpleNamespace(root=root, shared_object=library, flags=flags, variables=variables)


def compiler(standard):
    """The command that compiles what comes on standard input, as C or as C++."""
    is_cxx = '++' in standard
    command = CXX if is_cxx else CC
    if not shutil.which(command[0]):
        raise tap.Skip(f'no {command[0]}')
    return [*command, f'-std={standard}', *WARNINGS, '-x', 'c++' if is_cxx else 'c', '-']


def test_the_example_compiles_and_judges(place):
    program = place.root / 'example'
    call(*CC, '-std=c17', *WARNINGS, ROOT / 'tests/cli/api_example.c', '-o', program, *place.flags)
    lines = call(program, env=place.variables).splitlines()
    rules = [line.split()[0] for line in lines[:-2]]
    tap.includes(rules, ['SD321', 'SD325'], 'rules')
    tap.equal(lines[-2:], ['note at 16, without a value', 'registered'], 'note and verdict')
    tap.check('SD321 error 13: ' in '\n'.join(lines), '\n'.join(lines))


@tap.each('c17', 'c++17')
def test_the_example_of_the_readme_compiles_and_judges(place, standard):
    include, body = re.search(r'^```c\n(#include.*?\n)\n(.*?)^```', (ROOT / 'README.md').read_text(),
                              re.MULTILINE | re.DOTALL).groups()
    source = ('#undef NDEBUG\n#include <assert.h>\n' + include +
              'static const char my_txt[] = "\\014name=Kitchen";\n'
              '#define my_txt_len (sizeof(my_txt) - 1)\n'
              'int main(void)\n{\n' + body + 'return 0;\n}\n')
    program = place.root / 'readme'
    call(*compiler(standard), '-o', program, *place.flags, input=source)
    call(program, env=place.variables)


@tap.each('c99', 'c17', 'c++11', 'c++20')
def test_each_header_stands_alone(place, standard):
    command = compiler(standard)
    installed_ = sorted(place.root.rglob('include/sdscope/*.h'))
    tap.equal([path.name for path in installed_],
              sorted(path.name for path in (ROOT / 'include/sdscope').glob('*.h')), 'headers')
    for path in installed_:
        include = f'#include <sdscope/{path.name}>\n'
        call(*command, '-fsyntax-only', *(flag for flag in place.flags if flag.startswith('-I')),
             input=include * 2 + 'extern int nothing;\n')


def test_the_library_exports_its_own_names_only(place):
    if not shutil.which('nm'):
        raise tap.Skip('no nm')
    listed = call('nm', '-D', '--defined-only', '--format=posix', place.shared_object).splitlines()
    names = [line.split()[0] for line in listed]
    if SANITIZE == 'none':
        tap.equal([n for n in names if not n.startswith('sds_')], [], 'foreign names')
    tap.includes(names, ['sds_check', 'sds_txt_find', 'sds_registry_load'], 'names')


def test_the_version_is_the_same_everywhere(place):
    version = call('pkg-config', '--modversion', 'sdscope', env=place.variables).strip()
    tap.equal(sdscope.run('--version').stdout, f'sdscope {version}\n', 'version')


def test_the_installed_program_runs_by_itself(place):
    program = next(place.root.rglob('bin/sdscope'))
    tap.equal(call(program, '--version'), sdscope.run('--version').stdout, 'version')
    tap.equal([p.name for p in place.root.rglob('sdscope.1*')], ['sdscope.1'], 'manual page')


if __name__ == '__main__':
    tap.main(setup=installed, needs=sdscope.program)
