# SPDX-License-Identifier: MIT
"""A link that loses packets: everything is found all the same, or the report says that it may not be.

What is lost of a host is in its dice, with a fixed seed; the hosts are ten, and each is asked and
answers by itself. A host that is not heard, whatever is asked, cannot be told from none: what is
promised is that a link where somebody answers only when asked again is asked once more.
"""

from contextlib import contextmanager

import avahi
import netns
from fake import Fake
from probe import SOURCES, by_name, probes
from rig import sdscope, tap

FEW, MANY = 50, 500
LOSSES = ('0.01', '0.03', '0.05')
SEED = '4'


@contextmanager
def lossy_lans():
    """A link of each loss, with few services, and one of the least with many."""
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        lans = {}
        for size, loss in [*((FEW, loss) for loss in LOSSES), (MANY, LOSSES[0])]:
            link = lab.link()
            lab.enter_context(Fake(lab.host('lossy', link, ipv6=False), None, '--services',
                                   str(size), '--loss', loss, '--seed', SEED))
            lans[size, loss] = probes(lab, link, ipv6=False)
        yield lans


def reports(lans, size, source):
    """{loss: report} of all links of the size, at the same time."""
    started = {loss: lans[n, loss][source].start('browse', '-f', 'json')
               for n, loss in lans if n == size}
    return {loss: sdscope.finish(process).expect(0, 4).report
            for loss, process in started.items()}


def check_resolved(report, loss):
    bare = [key for key, s in by_name(report).items() if not s['txt'] or not s['addresses']]
    tap.equal(bare, [], f'services that were not resolved at a loss of {loss}')


@tap.each(*SOURCES)
def test_few_services_are_all_found(lans, source):
    for loss, report in reports(lans, FEW, source).items():
        tap.equal(len(report['services']), FEW, f'services at a loss of {loss}')
        check_resolved(report, loss)


@tap.each(*SOURCES)
def test_many_services_are_found_or_the_report_says_why(lans, source):
    for loss, report in reports(lans, MANY, source).items():
        if len(report['services']) < MANY:
            tap.equal(report['scan']['complete'], False, f'complete: {report["scan"]}')
        if report['scan']['complete']:
            check_resolved(report, loss)
        else:
            tap.check(report['scan']['reasons'], 'an incomplete scan says why')


if __name__ == '__main__':
    tap.main(setup=lossy_lans, needs=sdscope.program)
