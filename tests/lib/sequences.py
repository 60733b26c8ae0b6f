# SPDX-License-Identifier: MIT
"""What programs write to terminals: attributes to be read, sequences to be judged."""

import re
import shutil
import subprocess
import unicodedata

from . import tap

# ---- attributes --------------------------------------------------------------------------------

COLORS = 'black red green yellow blue magenta cyan white'.split()
ATTRIBUTES = {1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 5: 'blink', 7: 'reverse'}


def _apply(state, codes):
    """SGR codes to the set of what is on: {'bold': True, 'fg': 'red'}."""
    codes = [int(c or 0) for c in codes]
    while codes:
        code = codes.pop(0)
        ground = 'fg' if code < 40 or 90 <= code < 100 else 'bg'
        if code == 0:
            state.clear()
        elif code in ATTRIBUTES:
            state[ATTRIBUTES[code]] = True
        elif code in (22, 23, 24, 25, 27):
            for name in {22: ['bold', 'dim']}.get(code, [ATTRIBUTES.get(code - 20)]):
                state.pop(name, None)
        elif code in (38, 48) and codes[:1] == [5]:
            state[ground] = str(codes[1])
            del codes[:2]
        elif code in (39, 49):
            state.pop(ground, None)
        elif 30 <= code < 48:
            state[ground] = COLORS[code % 10]
        elif 90 <= code < 108:
            state[ground] = 'bright-' + COLORS[code % 10]
        else:
            raise ValueError(f'SGR {code}')


def paint(captured):
    """What capture-pane -e tells, as text to read: {red+bold|words}. A plain { is {{."""
    lines = []
    state = {}
    for line in captured.rstrip('\n').split('\n'):
        runs = []
        for piece in re.split(r'(\x1b\[[0-9;:]*m)', line):
            if piece.startswith('\x1b['):
                _apply(state, re.split('[;:]', piece[2:-1]))
            elif piece:
                names = [n for n in state if n not in ('fg', 'bg')]
                names += [state['fg']] if 'fg' in state else []
                names += ['on-' + state['bg']] if 'bg' in state else []
                runs.append(['+'.join(names), re.sub('[\x0e\x0f]', '', piece)])
        shown = ''.join(_run_text(*run) for run in _joined(runs))
        lines.append(shown.rstrip())
    return '\n'.join(lines).rstrip('\n') + '\n'


def _joined(runs):
    """Neighbours that look alike are one run."""
    joined = []
    for names, text in runs:
        if joined and joined[-1][0] == names:
            joined[-1][1] += text
        else:
            joined.append([names, text])
    return joined


def _run_text(names, text):
    text = text.replace('{', '{{')
    return f'{{{names}|{text}}}' if names else text


# ---- sequences ---------------------------------------------------------------------------------

# One token of what a program writes: an escape sequence of some kind, a control, or text.
TOKEN = re.compile(
    rb'(?P<csi>\x1b\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e])'
    rb'|(?P<string>\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\))'
    rb'|(?P<escape>\x1b[\x20-\x2f]*[\x30-\x7e])'
    rb'|(?P<control>[\x00-\x1f\x7f])'
    rb'|(?P<text>[^\x00-\x1f\x7f]+)')


def tokens(output):
    """[(kind, bytes)] of all that was written; ValueError at what is none of them."""
    found = []
    at = 0
    while at < len(output):
        match = TOKEN.match(output, at)
        if not match:
            raise ValueError(f'a broken sequence: {output[at:at + 40]!r}')
        found.append((match.lastgroup, match.group()))
        at = match.end()
    return found


def dec_modes(output):
    """{number: whether it was left on} of CSI ? n h and l."""
    modes = {}
    for numbers, switch in re.findall(rb'\x1b\[\?([0-9;]+)([hl])', bytes(output)):
        for number in numbers.split(b';'):
            modes[int(number)] = switch == b'h'
    return modes


# ---- what a terminal's description allows --------------------------------------------------------

# Capabilities that are no part of drawing: what a terminal answers, prints, or is reset with.
NOT_DRAWN = re.compile(r'k[A-Z]|k[a-z]|u[0-9]|mc|rs[123]|is[123]|if|rf|rep|init[cp]|i[12]|oc|tsl|'
                       r'fsl|dsl|hs|[A-Z]')
PERCENT = re.compile(r"%(?:\?|t|e|;|i|p[1-9]|P.|g.|'.'|\{\d+\}|[-+*/m&|^=><AO!~]|"
                     r'[:#0 .+-]*\d*(?:\.\d+)?[doxXsc])')


def _bytes_of(cap):
    """A capability of infocmp as bytes, without its parameters and padding."""
    cap = re.sub(r'\$<[^>]*>', '', PERCENT.sub('', cap.replace('%%', '\\045')))
    cap = re.sub(r'\\([0-7]{3})', lambda m: chr(int(m.group(1), 8)), cap)
    cap = re.sub(r'\^(.)', lambda m: chr(ord(m.group(1)) & 31), cap)
    for name, value in (('\\E', '\x1b'), ('\\n', '\n'), ('\\r', '\r'), ('\\b', '\b'),
                        ('\\t', '\t'), ('\\s', ' ')):
        cap = cap.replace(name, value)
    return cap.replace('\\', '').encode('latin-1')


def shape(kind, token):
    """What a sequence does, whatever its numbers are; modes are told apart."""
    if kind == 'csi' and token[-1:] not in b'hlnctipq':
        return re.sub(rb'[0-9;:]+', b'', token)
    return token


def drawing(term):
    """The shapes of all sequences and controls that curses may draw with on this terminal."""
    if not shutil.which('infocmp'):
        raise tap.Skip('not installed: infocmp')
    listed = subprocess.run(['infocmp', '-1', term], capture_output=True, text=True)
    if listed.returncode != 0:
        raise tap.Skip(f'nobody describes a terminal {term} here')
    shapes = set()
    for line in listed.stdout.splitlines():
        name, _, cap = line.strip().rstrip(',').partition('=')
        if cap and not NOT_DRAWN.match(name):
            shapes.update(shape(*token) for token in tokens(_bytes_of(cap)) if token[0] != 'text')
    return shapes


def foreign(output, allowed):
    """The sequences and controls in the output that are not allowed, and text that is not safe."""
    bad = []
    for kind, token in tokens(bytes(output)):
        if kind == 'text':
            text = token.decode('utf-8')            # an error is a fault of the program
            bad += [c for c in text if unicodedata.category(c) in ('Cc', 'Cf', 'Zl', 'Zp', 'Cs')]
        elif shape(kind, token) not in allowed:
            bad.append(token)
    return bad
