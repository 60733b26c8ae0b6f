# SPDX-License-Identifier: MIT
"""The script: changes to a running LAN, one JSON object a line."""

from .lan import qualified
from .wire import fold, parse_name

TXT_FIELDS = ('txt', 'txt_hex', 'txts_hex', 'ttl')
SRV_FIELDS = ('port', 'target', 'target_labels_hex', 'priority', 'weight', 'host', 'host_ttl')
FORMS_OF_TXT = {'txt', 'txt_hex', 'txts_hex'}


class Script:
    """Carries out script lines on a responder; a method an operation."""

    def __init__(self, responder):
        self.responder = responder
        self.lan = responder.lan
        self.ended = False

    def run(self, line):
        """The result for the script's author: 'ok', an error, or the counters."""
        operation = line.get('op', '').replace('-', '_')
        method = getattr(self, 'op_' + operation, None)
        if not method:
            return 'unknown op'
        try:
            result = method(line)
            return 'ok' if result is None else result
        except Exception as why:            # a bad line must not end the LAN
            return f'error: {why!r}'

    def op_add(self, line):
        service = self.lan.add_service(line['service'])
        if line.get('announce', True):
            self.responder.announce_service(service)

    def op_remove(self, line):
        service = self.lan.find(line)
        gone = self.lan.remove_service(service)
        if line.get('goodbye', True):
            self.responder.goodbye(gone, service.host)

    def op_update(self, line):
        old = self.lan.find(line)
        changes = {f: line[f] for f in TXT_FIELDS + SRV_FIELDS if f in line}
        spec = dict(old.spec)
        if FORMS_OF_TXT & changes.keys():
            spec = {f: v for f, v in spec.items() if f not in FORMS_OF_TXT}
        self.lan.remove_service(old)
        new = self.lan.add_service({**spec, **changes})
        if line.get('announce', True):
            records = new.txt if changes.keys() & set(TXT_FIELDS) else []
            records = records + (new.srv if changes.keys() & set(SRV_FIELDS) else [])
            self.responder.announce(new.host, records)

    def op_host(self, line):
        host = self.lan.add_host(line)
        if line.get('announce', True):
            self.responder.announce(host, host.addresses)

    def op_host_gone(self, line):
        self.lan.hosts[qualified(line['name'])].gone = not line.get('back', False)

    def op_record(self, line):
        self.lan.add_record(line)

    def op_raw(self, line):
        self.responder.multicast(bytes.fromhex(line['hex']))

    def op_announce(self, _line):
        self.responder.announce_all()

    def op_stats(self, _line):
        return dict(self.responder.stats)

    def op_asked(self, line):
        name, by = fold(parse_name(line['name'])), line.get('by')
        return {'times': sum(times for (who, asked), times in self.responder.asked.items()
                             if asked == name and by in (None, who))}

    def op_quit(self, _line):
        self.ended = True
