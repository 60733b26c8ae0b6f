# SPDX-License-Identifier: MIT
"""Every key of src/watch/keys.def is pressed, by each of its names, and does what the table says.

A test of an action is marked with `@keys('ACTION')` and runs once for each of its keys.
"""

import json
import re

from screen import (OFFICE_END, PATIENCE_S, ROOT, clock, is_built, office, scratch, sdscope, tap,
                    wait_for)

KEY = re.compile(r'^KEY\((\w+), (\w+), "((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\)', re.MULTILINE)
TABLE = {action: (section, words.split(), help_) for action, section, words, help_ in KEY.findall(
    (ROOT / 'src/watch/keys.def').read_text(encoding='utf-8'))}
TESTED = set()
WIDE = (160, 40)


def keys(action):
    """The test runs with each key of the action as its last argument."""
    TESTED.add(action)
    return tap.each(*TABLE.get(action, ('', [action], ''))[1])


def test_every_key_of_the_table_has_a_test(_folder):
    tap.check(len(TABLE) > 20, 'the table cannot be read')
    tap.equal(sorted(TESTED), sorted(TABLE), 'actions')
    words = [w for _, ws, _ in TABLE.values() for w in ws]
    tap.equal(sorted(words), sorted(set(words)), 'keys, each once')


# ---- what stands where -------------------------------------------------------------------------


def instances(text):
    """The instances in the list, from top to bottom, each told by its first word."""
    known = ('bench media', 'Cafe\u0301', 'Guest', 'Laser', 'OctoPrint', 'Relic', 'vault',
             'Widget', 'שלום', '会議室')
    listed = text.split('EVENTS')[0].splitlines()
    return [name for line in listed for name in known if line[4:].startswith(name)]


def selected(screen):
    """The line under the cursor, from the attributes of the screen."""
    for line in screen.painted.splitlines():
        match = re.search(r'\{[^|]*reverse[^|]*\|([^{}]*)', line)
        if match and not re.search(r'sdscope|INSTANCE|EVENTS|DETAILS|KEYS', line):
            return re.sub(r'\{[^|{}]*\||\}', '', line)
    return ''


def selected_event(screen):
    """The line under the cursor in the log of events."""
    lines = screen.painted.partition('EVENTS')[2].splitlines()[1:]
    return next((line for line in lines if 'reverse' in line), '')


def at(screen, name):
    """Wait until the cursor stands on it."""
    wait_for(lambda: name in selected(screen), f'the cursor on {name}; it is on '
             f'{selected(screen)!r}', PATIENCE_S)


def first_of(screen):
    return instances(screen.text)[0]


# ---- moving ------------------------------------------------------------------------------------


@keys('DOWN')
def test_down(_folder, key):
    with office() as screen:
        names = instances(screen.text)
        at(screen, names[0])
        screen.press(key, key)
        at(screen, names[2])


@keys('UP')
def test_up(_folder, key):
    with office() as screen:
        names = instances(screen.text)
        screen.press('Down', 'Down')
        at(screen, names[2])
        screen.press(key)
        at(screen, names[1])
        screen.press(key, key)
        at(screen, names[0])


@keys('HOME')
def test_to_the_first_line(_folder, key):
    with office() as screen:
        names = instances(screen.text)
        screen.press('Down', 'Down', key)
        at(screen, names[0])


@keys('END')
def test_to_the_last_line(_folder, key):
    with office() as screen:
        screen.press(key)
        screen.wait(lambda text: '会議室' in text, 'the last line')
        at(screen, '会議室')


@keys('PAGE_DOWN')
def test_one_page_down(_folder, key):
    with office(size=(40, 10)) as screen:
        names = instances(screen.text)
        screen.press(key)
        screen.wait(lambda text: names[0] not in instances(text), 'the next page')


@keys('PAGE_UP')
def test_one_page_up(_folder, key):
    with office(size=(40, 10)) as screen:
        names = instances(screen.text)
        screen.press('End')
        screen.wait(lambda text: names[0] not in instances(text), 'the last page')
        screen.press(key, key)
        at(screen, names[0])


@keys('HALF_DOWN')
def test_half_a_page_down(_folder, key):
    with office(size=(100, 16)) as screen:
        names = instances(screen.text)
        screen.press(key)
        screen.wait(lambda _: names[0] not in selected(screen), 'another line')
        tap.check(names[-1] not in selected(screen), 'it went to the end')


@keys('HALF_UP')
def test_half_a_page_up(_folder, key):
    with office(size=WIDE) as screen:
        names = instances(screen.text)
        screen.press('End')
        at(screen, names[-1])
        screen.press(key)
        screen.wait(lambda _: names[-1] not in selected(screen), 'another line')
        screen.press(*[key] * 3)
        at(screen, names[0])


def faulty(text):
    """Lines of the list whose service has a finding, as the sign before it tells."""
    return [line for line in text.split('EVENTS')[0].splitlines() if re.match(r'..[EWi] ', line)]


@keys('NEXT_FAULT')
def test_the_next_finding(_folder, key):
    with office(size=WIDE) as screen:
        screen.press('Home')
        at(screen, first_of(screen))
        seen = {selected(screen).rstrip()}
        for _ in range(len(faulty(screen.text)) - 1):       # the first service has one
            screen.press(key)
            line = wait_for(lambda: (now := selected(screen).rstrip()) not in seen and now,
                            'another line')
            seen.add(line)
            tap.check(re.match(r'..[EWi] ', line), f'no finding: {line}')


@keys('LAST_FAULT')
def test_the_finding_before(_folder, key):
    with office(size=WIDE) as screen:
        last = faulty(screen.text)[-1].rstrip()
        screen.press('End')
        at(screen, instances(screen.text)[-1])
        tap.check(selected(screen).rstrip() != last, 'the last service has a finding')
        screen.press(key)
        at(screen, last)


@keys('RIGHT')
def test_into_the_details(_folder, key):
    with office() as screen:
        screen.press(key)
        screen.wait_text('DETAILS')


@keys('LEFT')
def test_back_to_the_list(_folder, key):
    with office() as screen:
        screen.press('Enter')
        screen.wait_text('DETAILS')
        screen.press(key)
        screen.wait_no_text('DETAILS')


# ---- looking -----------------------------------------------------------------------------------


@keys('DETAIL')
def test_the_details(_folder, key):
    with office(size=WIDE) as screen:
        screen.press('/')
        screen.type('_ipp')
        screen.press('Enter', key)
        screen.wait_text('DETAILS', 'laser.local', '192.0.2.11', '631', 'pdl', 'Hall')


@keys('BACK')
def test_back_then_drop_the_filter(_folder, key):
    with office() as screen:
        screen.press('/')
        screen.type('laser')
        screen.press('Enter', 'Enter')
        screen.wait_text('DETAILS')
        screen.press(key)
        screen.wait_no_text('DETAILS')
        tap.equal(set(instances(screen.text)), {'Laser'}, 'still filtered')
        screen.press(key)
        screen.wait_text('vault', 'Relic')


@keys('NEXT_PANE')
def test_the_next_pane(_folder, key):
    with office(size=WIDE) as screen:
        screen.press('Enter')
        screen.wait_text('DETAILS')
        seen = []
        for _ in range(3):
            seen.append(wait_for(lambda: [p for p in panes(screen) if p not in seen],
                                 f'another pane than {seen}')[0])
            screen.press(key)
        tap.equal(sorted(seen), ['DETAILS', 'EVENTS', 'list'], 'panes')


def panes(screen):
    """The pane that has the keys."""
    painted = screen.painted
    heads = [p for p in ('DETAILS', 'EVENTS') if re.search(r'\{[^|]*reverse[^|]*\| ' + p, painted)]
    return heads or ['list']


@keys('FILTER')
def test_a_filter_works_while_it_is_typed(_folder, key):
    with office() as screen:
        screen.press(key)
        screen.type('host:laser')
        screen.wait(lambda text: set(instances(text)) == {'Laser'}, 'the printer alone')
        screen.type(' type:http')
        screen.wait(lambda text: len(instances(text)) == 1, 'its web page alone')
        screen.press('^U')
        screen.type('!laser verdict:registered')
        screen.wait(lambda text: instances(text) and 'Laser' not in instances(text) and
                    'Widget' not in instances(text), 'all others that are registered')
        screen.press('^U')
        screen.type('note=hall')
        screen.wait(lambda text: len(instances(text)) == 1, 'the one with this note')
        screen.press('^W')
        screen.type('is:gone')
        screen.wait(lambda text: set(instances(text)) == {'bench media', 'Guest'}, 'the gone')
        screen.press('Enter')
        screen.wait_text('2 of 12 match /is:gone')


@keys('SORT')
def test_sort_by_the_next_column(_folder, key):
    with office(size=WIDE) as screen:
        columns = ('TYPE', 'HOST', 'ADDRESS', 'VERDICT', 'WORST FINDING', 'AGE', 'INSTANCE')
        orders = [tuple(instances(screen.text))]
        for column in columns:
            screen.press(key)
            text = screen.wait(lambda text: re.search(column + r' ?[▲▴↑^⌃]', text), column)
            orders.append(tuple(instances(text)))
        tap.equal(orders[-1], orders[0], 'order after all columns')
        tap.check(len(set(orders)) >= 6, f'orders: {orders}')


@keys('REVERSE')
def test_the_order_is_turned_around(_folder, key):
    with office(size=WIDE) as screen:
        names = instances(screen.text)
        screen.press(key)
        screen.wait(lambda text: instances(text)[0] == names[-1], 'the last first')
        screen.press(key)
        screen.wait(lambda text: instances(text) == names, 'the order of before')


@keys('GROUP')
def test_groups(_folder, key):
    with office(size=WIDE) as screen:
        heads = {'host': 'laser.local  2', 'type': '_http._tcp  4', 'verdict': 'unregistered  '}
        for word, head in heads.items():
            screen.press(key)
            screen.wait(lambda text: re.search(f'^ *{re.escape(head)}', text, re.MULTILINE),
                        f'grouped by {word}')
        screen.press(key)
        screen.wait_no_text('laser.local  2', 'unregistered  1\n')


@keys('FAULTS')
def test_faults_only(_folder, key):
    with office() as screen:
        screen.press(key)
        screen.wait(lambda text: 'vault' not in instances(text), 'without those that are fine')
        tap.includes(instances(screen.text), ['Widget', 'Relic'], 'with findings')
        screen.press(key)
        screen.wait(lambda text: 'vault' in instances(text), 'all of them')


def test_keys_that_come_faster_than_frames(_folder):
    """The last line of the details, and from there back to a finding."""
    with office(size=WIDE) as screen:
        screen.press('/')
        screen.type('widget')
        screen.press('Enter', 'Enter')
        screen.wait_text('DETAILS')
        screen.send(b'GGNx')
        screen.wait_text('SD501', 'RFC 6335')
        screen.send(b'GGk<')
        screen.press('Esc')
        screen.wait_text('DETAILS')


@keys('EXPLAIN')
def test_a_rule_is_explained(_folder, key):
    with office(size=WIDE) as screen:
        screen.press('/')
        screen.type('widget')
        screen.press('Enter', key)
        screen.wait_text('SD501', 'RFC 6335')
        screen.press('Esc', 'Esc', '/')
        screen.type('vault')
        screen.press('Enter', key)
        screen.wait_text('no rule has anything against')


def to_event(screen, words):
    """Put the keys into the log, and its cursor on the last entry that has these words."""
    screen.press('Tab')
    while True:
        line = wait_for(lambda: selected_event(screen), 'a cursor in the log', PATIENCE_S)
        if words in line:
            return
        screen.press('Up')
        wait_for(lambda: selected_event(screen) not in ('', line), f'an event {words!r}', PATIENCE_S)


def test_the_service_of_an_event(_folder):
    with office() as screen:
        to_event(screen, 'bench media')
        screen.press('Enter')
        screen.wait(lambda text: text.splitlines()[3] == ' bench media', 'details of the service')
        screen.press('Esc')
        screen.wait_no_text('DETAILS')
        wait_for(lambda: 'bench media' in selected_event(screen), 'the log again', PATIENCE_S)
        screen.press('Left')
        at(screen, 'bench media')
        screen.press('d')
        to_event(screen, 'bench media')
        screen.press('Enter')
        screen.wait_text('the service is gone, and forgotten')


def test_an_event_of_no_service(_folder):
    with office() as screen:
        screen.press('Tab', 'Enter')
        screen.wait_text('this event is of no service')


def test_an_event_that_the_filter_leaves_out(_folder):
    with office() as screen:
        screen.press('/')
        screen.type('vault')
        screen.press('Enter', 'Tab', 'Up', 'Enter')
        screen.wait_text('the filter leaves this service out')


@keys('EVENTS')
def test_the_log_of_events(_folder, key):
    with office() as screen:
        screen.wait_text('EVENTS')
        screen.press(key)
        screen.wait_no_text('EVENTS')
        screen.press(key)
        screen.wait_text('EVENTS', 'the recording ends')


# ---- doing -------------------------------------------------------------------------------------


@keys('PAUSE')
def test_the_screen_is_held(_folder, key):
    with office() as screen:
        screen.press(key)
        screen.wait_text('HELD')
        screen.press(key)
        screen.wait_no_text('HELD')


@keys('MARK')
def test_services_are_marked(_folder, key):
    with office() as screen:
        names = instances(screen.text)
        screen.press(key)
        screen.wait(lambda text: re.search(rf'^\*.*{names[0]}', text, re.MULTILINE), 'the mark')
        at(screen, names[1])
        screen.press('Up', key)
        screen.wait(lambda text: not re.search(r'^\*', text, re.MULTILINE), 'no mark')


def test_marks_outlast_a_journey(_folder):
    """Those of services, too, that are not there yet at the time that it leads to."""
    with office(size=WIDE) as screen:
        screen.press('End', 'm', 'Up', 'm', '{', '{', '{')
        screen.wait_text('  0 services')
        screen.press('}', '}', '}')
        text = screen.wait(clock(OFFICE_END), 'the end')
        tap.equal(len(re.findall(r'^\*', text, re.MULTILINE)), 2, 'marks')


@keys('FORGET')
def test_what_is_gone_is_forgotten(_folder, key):
    with office(size=WIDE) as screen:
        screen.wait_text('bench media', '2 gone')
        screen.press(key)
        screen.wait(lambda text: 'bench media' not in instances(text) and
                    'Guest' not in instances(text), 'only those that are there')
        screen.wait_no_text('2 gone')


@keys('COPY')
def test_a_service_is_copied(_folder, key):
    with office() as screen:
        screen.press('/')
        screen.type('octoprint')
        screen.press('Enter', key)
        screen.wait_text('copied 1 service')
        copied = wait_for(lambda: screen.clipboard, 'the clipboard').decode()
        tap.check('Laser' not in copied, copied)
        tap.includes(copied, ['OctoPrint', '_octoprint._tcp', 'octopi.local', '5000'], 'copied')


@keys('EXPORT')
def test_a_report_is_written(folder, key):
    for suffix in ('json', 'txt', 'csv', 'ndjson', 'sarif', 'xml'):
        path = folder / f'shown.{suffix}'
        with office() as screen:
            screen.press('/')
            screen.type('verdict:registered !vault')
            screen.press('Enter', key)
            screen.type(str(path))
            screen.press('Enter')
            screen.wait_text('wrote 5 services')
        # SARIF and JUnit tell findings: of the one whose name is not normalized
        known = 'SD205' if suffix == 'sarif' else 'Laser Study'
        tap.check(known in path.read_text(encoding='utf-8'), f'{known} is not in {suffix}')
    report = json.loads((folder / 'shown.json').read_text(encoding='utf-8'))
    tap.equal(len(report['services']), 5, 'services')


def test_a_file_is_replaced_when_that_is_wanted(folder):
    path = folder / 'there.txt'
    with office() as screen:
        for answer, words in {'n': 'nothing is written', 'y': 'wrote 10 services'}.items():
            path.write_text('precious')
            screen.press('e')
            screen.press('^U')
            screen.type(str(path))
            screen.press('Enter')
            screen.wait_text('replace it? (y/n)')
            tap.equal(path.read_text(), 'precious', 'the file while it is asked')
            screen.press(answer)
            screen.wait_text(words)
            tap.equal('precious' in path.read_text(), answer == 'n', 'it is left alone')


def test_what_cannot_be_written_is_told(folder):
    with office() as screen:
        for name, words in {'none/such.json': 'No such file', 'a.what': 'format'}.items():
            screen.press('e')
            screen.press('^U')
            screen.type(str(folder / name))
            screen.press('Enter')
            screen.wait_text(words)


@keys('RECORD')
def test_a_recording_is_made(folder, key):
    path = folder / 'again.ndjson'
    with office() as screen:
        screen.press('{', '{')
        screen.wait_text('HELD')
        screen.press(key)
        screen.type(str(path))
        screen.press('Enter')
        screen.wait_text('RECORDING')
        screen.press('}', '}')
        screen.wait(clock(OFFICE_END), 'the end')
        screen.press(key)
        screen.wait_no_text('RECORDING')
    head, *events = [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines()]
    tap.equal(head['sdscope_recording'], 1, 'head')
    tap.includes([e['event'] for e in events], ['changed', 'removed', 'ended'], 'events')
    sdscope.run('audit', '--source', path).expect(0, 1)


@keys('REDRAW')
def test_the_screen_is_drawn_anew(_folder, key):
    with office() as screen:
        before = screen.text
        screen.tmux('send-keys', '-R')              # somebody else wrote over it
        screen.wait_no_text('Laser')
        screen.press(key)
        screen.wait(lambda text: text == before, 'the same screen')


# ---- time --------------------------------------------------------------------------------------


@keys('STEP_BACK')
def test_one_event_back(_folder, key):
    with office() as screen:
        for time in ('09:01:50', '09:01:40', '09:01:30'):
            screen.press(key)
            text = screen.wait(clock(time), time)
            tap.includes(text, ['HELD'], 'the screen')
        tap.check(not re.search(r'^ -.*bench media', text, re.MULTILINE), 'it is still gone')


@keys('STEP')
def test_one_event_on(_folder, key):
    with office() as screen:
        before = screen.text
        screen.press('[', '[', '[')
        screen.wait(clock('09:01:30'), 'three events back')
        for time in ('09:01:40', '09:01:50', OFFICE_END):
            screen.press(key)
            screen.wait(clock(time), time)
        screen.press('Space')
        screen.wait(lambda text: text == before, 'the screen of before')


@keys('JUMP_BACK')
def test_one_minute_back(_folder, key):
    with office() as screen:
        screen.press(key)
        screen.wait(lambda text: 'HELD' in text and 'Guest' in instances(text) and
                    not re.search(r'\b2 gone', text), 'a minute ago')
        screen.press(key, key, key)
        screen.wait_text('0 services')
        screen.press(key)


@keys('JUMP')
def test_one_minute_on(_folder, key):
    with office() as screen:
        screen.press('{', '{')
        screen.wait_text('HELD')
        screen.press(key, key, key)
        screen.wait(clock(OFFICE_END), 'the end')


# ---- leaving -----------------------------------------------------------------------------------


@keys('HELP')
def test_all_keys(_folder, key):
    with office(size=(160, 80)) as screen:
        screen.press(key)
        for section, words, _ in TABLE.values():
            screen.wait(lambda text, words=words: set(words) <= set(text.replace('│', ' ').split()),
                        f'keys of {section}')
        screen.press(key)
        screen.wait_no_text('KEYS')


@keys('QUIT')
def test_quit(_folder, key):
    with office() as screen:
        screen.press(key)
        tap.equal(screen.wait_end(), 0, 'exit status')


# ---- fast fingers ------------------------------------------------------------------------------


def test_keys_that_come_at_once(_folder):
    """All in one read: each finds what the one before it left, drawn or not."""
    bursts = (b'dm', b'djmcx', b'[jmc', b'{{{jjm\rx', b'Gd\rx', b'f\rxf', b'ggg\rG', b'm[mjm]]mc',
              b'}m', b'/laser\rfm\x1b\x1bm', b'dd[[]]dd\r', b'sSsSgvx?', b'  [ ] ',
              b'r\x1be\x1b/\x1b')
    for burst in bursts:
        with office() as screen:
            screen.press('End')
            screen.send(burst)
            screen.press('Esc', 'Esc', 'Esc', 'Esc', '?')
            screen.wait_text('KEYS')
            screen.send(b'q')
            tap.equal(screen.wait_end(), 0, f'exit status after {burst}; {screen.text}')


if __name__ == '__main__':
    tap.main(setup=scratch, needs=is_built)
