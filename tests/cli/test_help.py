# SPDX-License-Identifier: MIT
"""The help of every command, and the manual page, against each other and against the program."""

import re
import shutil
import subprocess
from pathlib import Path

from cli import COMMANDS, ROOT, sdscope, tap

MANUALS = [ROOT / 'man' / name for name in ('sdscope.1', 'sdscope-registry.1', 'sdscope-watch.1.in')]
MANUAL = '\n'.join(path.read_text(encoding='utf-8') for path in MANUALS)
OPTION = re.compile(r'^  (?:-(\w), |    )--([a-z0-9-]+)(?: ([A-Z]+))?(?:$|  )', re.MULTILINE)

REPORTING = 'audit', 'browse', 'check', 'watch'

# A value that each option takes.
VALUES = {
    'assignee': 'A', 'baseline': '/nonexistent/file', 'cacert': '/dev/null', 'color': 'never',
    'contact': 'C', 'description': 'D', 'disable': 'SD101', 'domain': 'local', 'enable': 'SD101',
    'exec': 'true', 'expect': '/dev/null', 'fail-on': 'info',
    'format': 'text', 'from': '-', 'group': 'type', 'host': 'h.local', 'instance': 'name',
    'interface': 'lo', 'origin': 'example.org', 'output': '/nonexistent/file',
    'pcap': '/dev/null', 'persons-of': 'none', 'policy': 'none', 'port': '1',
    'registry': 'none', 'reference': 'R', 'source': 'auto', 'status': 'active',
    'strictness': 'lan', 'subtype': '_s', 'timeout': '1', 'transport': 'tcp',
    'speed': '1', 'until': '_ipp._tcp', 'url': 'https://localhost/',
    'write-baseline': '/nonexistent/file',
}


def help_of(command):
    return sdscope.run(command, '--help').expect(0).stdout


def options_of(command):
    """{word: (letter or '', whether it takes a value)}, from the help."""
    return {word: (letter, bool(value))
            for letter, word, value in OPTION.findall(help_of(command))}


def every_option():
    return {word: option for command in COMMANDS for word, option in options_of(command).items()}


@tap.each(*COMMANDS)
def test_help_succeeds_in_every_way(command):
    text = help_of(command)
    tap.check(text.startswith(f'Usage: sdscope {command} '), text[:80])
    padded = [line for line in text.splitlines() if line != line.rstrip()]
    tap.equal(padded, [], 'lines with blanks at their end')
    for arguments in ((command, '-h'), ('help', command), (command, '--help', 'surplus')):
        tap.equal(sdscope.run(*arguments).expect(0).stdout, text, ' '.join(arguments))
    tap.equal(sdscope.run(command, '--help').stderr, '', 'standard error')


@tap.each(*COMMANDS)
def test_help_names_exactly_the_options_that_are_accepted(command):
    listed = options_of(command)
    tap.includes(listed, ['help', 'color'], 'options')
    for word, (letter, takes_value) in every_option().items():
        value = [VALUES[word]] if takes_value else []
        for spelling in [f'--{word}'] + ([f'-{letter}'] if letter else []):
            result = sdscope.run(command, spelling, *value, '--help')
            if word in listed:
                result.expect(0)
            else:
                result.expect(2)
                tap.includes(result.stderr, ['unknown option', spelling], str(result))


@tap.each(*COMMANDS)
def test_an_option_takes_a_value_or_not_as_the_help_says(command):
    # With --help, lest a command that takes what it should refuse begins its work.
    for word, (_, takes_value) in options_of(command).items():
        if takes_value:
            result = sdscope.run(command, '--help', f'--{word}').expect(2)
            tap.includes(result.stderr, [f"option '--{word}' needs a value"], word)
        else:
            result = sdscope.run(command, '--help', f'--{word}=3').expect(2)
            tap.includes(result.stderr, [f"option '--{word}' takes no value"], word)


@tap.each('audit', 'browse', 'check', 'demo', 'registry', 'watch')
def test_help_names_the_formats_that_are_accepted(command):
    formats = re.findall(r'^  ([a-z]+) ', help_of(command).split('\nFormats:\n')[1], re.MULTILINE)
    for name in ('text', 'json', 'ndjson'):
        status = sdscope.run(command, '-f', name, '--help').status
        tap.equal(status, 0 if name in formats else 2, name)


def test_the_program_lists_its_commands():
    text = sdscope.run('--help').expect(0).stdout
    listed = re.findall(r'^  ([a-z]+) ', text.split('\nCommands:\n')[1].split('\n\n')[0],
                        re.MULTILINE)
    tap.equal(listed, list(COMMANDS), 'commands')
    tap.equal(sdscope.run('help').expect(0).stdout, text, 'sdscope help')
    tap.equal(sdscope.run('-h').expect(0).stdout, text, 'sdscope -h')


def test_no_command_at_all_is_wrong_usage():
    result = sdscope.run().expect(2)
    tap.equal(result.stdout, '', 'standard output')
    tap.check(result.stderr.startswith('Usage: sdscope COMMAND'), result.stderr[:80])


def test_version():
    version = re.search(r"version: '([0-9.]+)'", (ROOT / 'meson.build').read_text()).group(1)
    for spelling in ('--version', '-V'):
        tap.equal(sdscope.run(spelling).expect(0).stdout, f'sdscope {version}\n', spelling)


def manual_options(lines):
    """The spellings that follow .Fl macros: `.It Fl f , \\-format Ar x` has -f and --format."""
    found = set()
    for line in lines:
        for macro in re.findall(r'\bFl ((?:\S+ , )*\S+)', line):
            found.update('-' + word.replace('\\-', '-') for word in macro.split(' , '))
    return found


def test_the_manual_defines_every_option_and_no_other():
    lines = MANUAL.splitlines()
    wanted = {'--' + word for word in every_option()}
    wanted |= {'-' + letter for letter, _ in every_option().values() if letter}
    tap.equal(sorted(manual_options(l for l in lines if l.startswith('.It Fl'))), sorted(wanted),
              'options that the manual defines')
    tap.equal(sorted(manual_options(lines) - wanted), ['--version'], 'others that it mentions')
    for line in (l for l in lines if l.startswith('.It Fl')):
        word = line.split('\\-', 1)[1].split()[0].replace('\\-', '-')
        tap.equal(' Ar ' in line, every_option()[word][1], f'a value of --{word}')


def manual_commands():
    """{option: the reporting commands that take it}, by the headings and `.Pq audit , check`."""
    told, heading = {}, ''
    lines = MANUALS[0].read_text(encoding='utf-8').splitlines()
    for line, following in zip(lines, lines[1:]):
        if line.startswith('.Ss '):
            heading = ' '.join(re.findall(r'\((.*)\)', line))
        elif line.startswith('.It Fl'):
            own = following if following.startswith('.Pq ') else heading
            named = set(re.findall(r'\w+', own)) & set(COMMANDS) or set(REPORTING)
            option = line.split('\\-', 1)[1].split()[0].replace('\\-', '-')
            told.setdefault(option, set()).update(named & set(REPORTING))
    return told


def test_the_manual_says_which_commands_take_an_option():
    taken = {command: options_of(command) for command in REPORTING}
    for option, told in manual_commands().items():
        tap.equal(sorted(told), [c for c in REPORTING if option in taken[c]], f'--{option}')


def check_form(page):
    if not shutil.which('groff'):
        raise tap.Skip('no groff')
    said = subprocess.run(['groff', '-mdoc', '-Tutf8', '-ww', '-z', page],
                          capture_output=True, text=True, check=True)
    tap.equal(said.stderr, '', 'what groff says of it')


@tap.each(*sorted(path.name for path in (ROOT / 'man').glob('*.[1-8]')))
def test_the_manual_is_well_formed(name):
    check_form(ROOT / 'man' / name)


def watch_page():
    page = Path(sdscope.program()).parent / 'man/sdscope-watch.1'
    if not page.exists():
        raise tap.Skip(f'no {page}')
    return page


def test_the_manual_of_the_screen_is_well_formed():
    check_form(watch_page())


def test_the_manual_of_the_screen_has_every_key():
    table = (ROOT / 'src/watch/keys.def').read_text(encoding='utf-8')
    wanted = [keys.split() for keys in re.findall(r'^KEY\(\w+, \w+, "(.+?)", "', table, re.MULTILINE)]
    tap.check(len(wanted) > 20, f'keys: {wanted}')
    rows = re.findall(r'^\.It Ic (.*)$', watch_page().read_text(encoding='utf-8'), re.MULTILINE)
    told = [row.replace(r'\&', '').replace(r'\(ha', '^').split(' , ') for row in rows]
    tap.equal(told, wanted, 'keys')


def test_the_manual_names_every_command():
    text = MANUAL
    for command in COMMANDS:
        tap.includes(text, [f'.Nm sdscope\n.Cm {command}\n', f'.It Cm {command}\n'], command)


def test_the_examples_of_the_manual_are_understood():
    examples = re.findall(r'^\.Dl sdscope (\S+)(.*)$', MANUAL, re.MULTILINE)
    tap.check(len(examples) > 3, 'examples')
    for command, rest in examples:
        words = rest.split('|')[0].split()
        sdscope.run(command, *words, '--help').expect(0)


if __name__ == '__main__':
    tap.main(needs=sdscope.program)
