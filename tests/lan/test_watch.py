# SPDX-License-Identifier: MIT
"""A watch, while services come, change and go, and while the daemon does."""

import signal
from contextlib import contextmanager
from types import SimpleNamespace

import avahi
import netns
from avahi import avahi_host, ready, service_file
from fake import Fake
from probe import SOURCES, probes, rdata
from rig import sdscope, tap, wait_for

TYPE = '_http._tcp'


def service(name, **more):
    return {'host': 'fickle', 'name': name, 'type': TYPE, 'port': 80, 'txt': ['v=1'], **more}


def of(name):
    """Accepts the events of a service."""
    return lambda event: event['service']['instance'] == name


@contextmanager
def changing_lan():
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        link = lab.link()
        printer = avahi_host(lab, 'printer', link, services={
            'printer': service_file('printer', {'type': '_ipp._tcp', 'port': 631})})
        ready(printer)
        fickle = lab.host('fickle', link)
        spec = {'hosts': [{'name': 'fickle', 'a': fickle.addresses(family='inet')}],
                'services': [service('steady')]}
        fake = lab.enter_context(Fake(fickle, spec))
        garden = lab.link()
        shed = lab.host('shed', garden)
        spec = {'hosts': [{'name': 'shed', 'a': shed.addresses(family='inet')}],
                'services': [service('mower', host='shed')]}
        lab.enter_context(Fake(shed, spec))
        yield SimpleNamespace(printer=printer, fake=fake, probes=probes(lab, link),
                              gardeners=probes(lab, lab.link(), garden))


@contextmanager
def settled(probe, *arguments):
    """A watch that has seen what is there at the start."""
    with probe.watch(*arguments) as watch:
        watch.wait('settled')
        names = {e['service']['instance'] for e in watch.named('added')}
        tap.includes(names, ['steady', 'printer'], 'added before settled')
        watch.mark()
        yield watch


@tap.each(*SOURCES)
def test_a_service_comes_changes_and_leaves(lan, source):
    with settled(lan.probes[source]) as watch:
        name = f'guest of {source}'
        lan.fake.do('add', service=service(name, priority=3, weight=4))
        added = watch.wait('added', of(name))['service']
        tap.equal([added[f] for f in ('type', 'host', 'port', 'priority', 'weight', 'txt_hex')],
                  [TYPE, 'fickle.local', 80, 3, 4, rdata(['v=1'])], 'as added')
        watch.mark()
        lan.fake.do('update', name=name, type=TYPE, txt=['v=2', 'new'])
        changed = watch.wait('changed', lambda e: of(name)(e) and 'txt' in e['changes'])
        tap.equal(changed['service']['txt_hex'], rdata(['v=2', 'new']), 'TXT as changed')
        lan.fake.do('update', name=name, type=TYPE, port=81)
        changed = watch.wait('changed', lambda e: of(name)(e) and 'port' in e['changes'])
        tap.equal(changed['service']['port'], 81, 'port as changed')
        lan.fake.do('remove', name=name, type=TYPE)
        watch.wait('removed', of(name))
        tap.equal(watch.named('added'), [], 'services added on the way')
        tap.equal(watch.stop(), 0, 'exit status after ^C')


@tap.each(*SOURCES)
def test_a_service_of_a_new_type_is_noticed(lan, source):
    with settled(lan.probes[source]) as watch:
        name = f'novelty of {source}'
        lan.fake.do('add', service=service(name, type=f'_new-{source}._tcp'))
        watch.wait('added', of(name))
        lan.fake.do('remove', name=name, type=f'_new-{source}._tcp')
        watch.wait('removed', of(name))


@tap.each(*SOURCES)
def test_a_host_with_avahi_leaves_and_returns(lan, source):
    with settled(lan.probes[source]) as watch:
        lan.printer.daemon.stop()
        watch.wait('removed', of('printer'))
        lan.printer.daemon.start()
        watch.wait('added', of('printer'))


@tap.each(*SOURCES)
def test_an_interface_that_goes_takes_its_services_along(lan, source):
    with lan.gardeners[source].watch() as watch:
        watch.wait('settled')
        tap.equal([e['service']['instance'] for e in watch.named('added')], ['mower'], 'added')
        lan.gardeners[source].host.run(['ip', 'link', 'del', 'eth1'])
        watch.wait('removed', of('mower'))


@tap.each(*SOURCES)
def test_a_watch_of_a_type_shows_only_that(lan, source):
    with lan.probes[source].watch('_ipp._tcp') as watch:
        watch.wait('settled')
        names = [e['service']['instance'] for e in watch.named('added')]
        tap.equal(names, ['printer'], 'added')


@tap.each(*SOURCES)
def test_each_event_has_a_time_and_a_service(lan, source):
    with settled(lan.probes[source]) as watch:
        times = [e['time'] for e in watch.events if e['event'] == 'added']
        tap.equal(times, sorted(times), 'times in order')


@tap.each('SIGINT', 'SIGTERM')
def test_a_signal_ends_it(lan, name):
    with settled(lan.probes['avahi']) as watch:
        tap.equal(watch.stop(getattr(signal, name)), 0, f'exit status after {name}')


@contextmanager
def guest(lan, name):
    """A service that is there for a while."""
    lan.fake.do('add', service=service(name))
    try:
        yield
    finally:
        lan.fake.do('remove', name=name, type=TYPE)


def away(lan, watch, stop, start):
    """What is known stays known while the source is away; what left meanwhile goes after."""
    with guest(lan, 'leaver'):
        watch.wait('added', of('leaver'))
        watch.mark()
        stop()
        try:
            tap.check(watch.wait('lost')['message'], 'lost says why')
        except AssertionError:
            start()
            raise
    with guest(lan, 'comer'):
        tap.equal(watch.named('removed'), [], 'removed while away')
        start()
        watch.wait('back')
        watch.wait('added', of('comer'))
        watch.wait('removed', of('leaver'))
        watch.wait('settled')
        again = [e['service']['instance'] for e in watch.named('added') + watch.named('removed')]
        tap.equal(sorted(again), ['comer', 'leaver'], 'added or removed over the absence')
    watch.wait('removed', of('comer'))


def test_the_daemon_is_stopped_and_started_again(lan):
    probe = lan.probes['avahi']
    with settled(probe) as watch:
        away(lan, watch, probe.host.daemon.stop, probe.host.daemon.start)


def test_the_daemon_is_killed_and_started_again(lan):
    probe = lan.probes['avahi']
    with settled(probe) as watch:
        away(lan, watch, lambda: probe.host.daemon.stop(signal.SIGKILL), probe.host.daemon.start)


def test_what_leaves_while_the_daemon_is_away_is_told_once(lan):
    """Of a subtype, too, which is told anew once the source has settled."""
    probe, subtypes = lan.probes['avahi'], {'subtypes': ['_printer']}
    lan.fake.do('add', service=service('with subtype', **subtypes))
    with probe.watch(TYPE, '--subtype', '_printer') as watch:
        watch.wait('added', of('with subtype'))
        watch.wait('settled')
        watch.mark()
        probe.host.daemon.stop()
        watch.wait('lost')
        lan.fake.do('remove', name='with subtype', type=TYPE)
        probe.host.daemon.start()
        watch.wait('back')
        watch.wait('removed', of('with subtype'))
        tap.equal(watch.named('changed'), [], 'changed')


def test_the_bus_is_stopped_and_started_again(lan):
    host = lan.probes['avahi'].host

    def stop():
        host.daemon.stop()
        host.bus.stop()

    def start():
        host.bus.start()
        host.daemon.start()

    with settled(lan.probes['avahi']) as watch:
        away(lan, watch, stop, start)


def test_a_signal_ends_it_while_the_daemon_hangs(lan):
    probe = lan.probes['avahi']
    with settled(probe) as watch, probe.host.daemon.hanging():
        tap.equal(watch.stop(), 0, 'exit status after ^C')


def test_a_closed_pipe_ends_it(lan):
    with settled(lan.probes['embedded']) as watch:
        watch.process.stdout.close()
        watch.open.discard(watch.process.stdout)
        with guest(lan, 'unheard'):
            wait_for(lambda: watch.process.poll() is not None, 'end of the watch')
        tap.check(watch.process.returncode >= 0, f'it died: {watch.process.returncode}')


if __name__ == '__main__':
    tap.main(setup=changing_lan, needs=sdscope.program)
