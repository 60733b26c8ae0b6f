# SPDX-License-Identifier: MIT
"""A link that loses packets is asked again, until what 50 services lost is found all the same.

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

FEW = 50
LOSSES = ('0.01', '0.03', '0.05')
SEED = '4'


@contextmanager
def lossy_lans():
    """A link of each loss."""
    netns.require(*avahi.TOOLS)
    with netns.Lab() as lab:
        lans = {}
        for loss in LOSSES:
            link = lab.link()
            lab.enter_context(Fake(lab.host('lossy', link, ipv6=False), None, '--services',
                                   str(FEW), '--loss', loss, '--seed', SEED))
            lans[loss] = probes(lab, link, ipv6=False)
        yield lans


def reports(lans, source):
    """{loss: report} of all links, at the same time."""
    started = {loss: lans[loss][source].start('browse', '-f', 'json') for loss in lans}
    return {loss: sdscope.finish(process).expect(0, 4).report
            for loss, process in started.items()}


def check_resolved(report, loss):
    bare = [key for key, s in by_name(report).items() if not s['txt'] or not s['addresses']]
    tap.equal(bare, [], f'services that were not resolved at a loss of {loss}')


@tap.each(*SOURCES)
def test_few_services_are_all_found(lans, source):
    for loss, report in reports(lans, source).items():
        tap.equal(len(report['services']), FEW, f'services at a loss of {loss}')
        check_resolved(report, loss)


if __name__ == '__main__':
    tap.main(setup=lossy_lans, needs=sdscope.program)
