# SPDX-License-Identifier: MIT
"""Wrong words on the command line: one clear line, a near miss where one is near, status 2."""

from cli import COMMANDS, ROOT, refused, sdscope, tap

HOSTILE = 'x\x1b[31m\ny\u202e'
SAFE = 'x\\x1b[31m\\x0ay\\u{202e}'

UNKNOWN = {
    'command': (['@'], 'unknown command'),
    'command to help': (['help', '@'], 'unknown command'),
    'option': (['check', '--@', '_ipp._tcp'], 'unknown option'),
    'format': (['check', '-f', '@', '_ipp._tcp'], 'unknown format'),
    'rule to enable': (['check', '--enable', '@', '_ipp._tcp'], 'unknown rule'),
    'rule to disable': (['check', '--disable', '@', '_ipp._tcp'], 'unknown rule'),
    'rule to explain': (['explain', '@'], 'unknown rule'),
    'level': (['check', '--fail-on', '@', '_ipp._tcp'], 'error, warning, info or never'),
    'strictness': (['check', '--strictness', '@', '_ipp._tcp'], 'author or lan'),
    'colour mode': (['check', '--color', '@', '_ipp._tcp'], 'auto, always or never'),
    'group': (['check', '--group', '@', '_ipp._tcp'], 'host or type'),
    'port': (['check', '--port', '@', '_ipp._tcp'], '0 to 65535'),
    'timeout': (['audit', '-t', '@'], 'seconds'),
    'source': (['audit', '--source', '@'], 'auto, avahi, embedded or wire'),
    'interface': (['audit', '-i', '@'], 'no interface'),
    'type': (['audit', '@'], 'no service type'),
    'registry action': (['registry', '@'], 'diff, draft, export, lint'),
    'registry': (['check', '--registry', '@', '_ipp._tcp'], 'cannot load registry'),
    'file': (['check', '--from', '@'], 'cannot read'),
    'surplus argument': (['rules', '@'], 'one argument too many'),
}

NEAR = (
    (['adit'], "'audit'"), (['chekc'], "'check'"), (['rule'], "'rules'"),
    (['help', 'wach'], "'watch'"),
    (['check', '--frmat', 'text'], "'--format'"), (['check', '--disabel=SD101'], "'--disable'"),
    (['check', '--enable', 'SD1022'], "'SD102'"),
    (['check', '--disable', 'txt-key-duplicat'], "'txt-key-duplicate'"),
    (['explain', 'registry-unregistred'], "'registry-unregistered'"),
    (['explain', '325'], "'SD325'"), (['explain', 'key-dup'], "'txt-key-duplicate'"),
    (['registry', 'shwo'], "'show'"), (['registry', 'exports'], "'export'"),
)

FAR = (['conquer'], ['check', '--conquer'], ['explain', 'SD999'], ['explain', '999'],
       ['registry', 'conquer'])


@tap.each(*UNKNOWN)
def test_an_unknown_word_is_told_safely(kind):
    arguments, words = UNKNOWN[kind]
    refused(sdscope.run(*(a.replace('@', HOSTILE) for a in arguments)), words, SAFE)


def test_near_misses_are_suggested():
    for arguments, word in NEAR:
        refused(sdscope.run(*arguments), f'did you mean {word}?')


def test_what_is_far_off_is_not_suggested():
    for arguments in FAR:
        line = refused(sdscope.run(*arguments))
        tap.excludes(line, ['did you mean'], ' '.join(arguments))


@tap.each(*COMMANDS)
def test_an_unknown_letter_is_named(command):
    refused(sdscope.run(command, '-Z'), command, "'-Z'", f'sdscope {command} --help')
    refused(sdscope.run(command, '-Zh'), "'-Z'")


def test_an_option_of_another_command_is_unknown():
    refused(sdscope.run('explain', '--source', 'auto', 'SD101'), "'--source'")
    refused(sdscope.run('watch', '-o', 'file'), "'-o'")


def test_an_option_of_another_kind_of_check_is_refused():
    refused(sdscope.run('check', '--source', 'auto', '_ipp._tcp'), '--source', '--live')
    refused(sdscope.run('check', '--from', '-', '--port', '1'), '--port', '--from')
    refused(sdscope.run('check', '--live', '--port', '1', '_ipp._tcp'), '--port', '--live')
    refused(sdscope.run('check', '--from', '-', '--subtype', '_s'), '--subtype', '--from')
    refused(sdscope.run('check', '--live', '_ipp._tcp', 'a=1'), '--expect')
    refused(sdscope.run('check', '--origin', 'a.b', '_ipp._tcp'), '--origin', '--from')
    refused(sdscope.run('check', '--live'), 'nothing to check')
    refused(sdscope.run('check', '--expect', '/dev/null', '_ipp._tcp'), '/dev/null')


def test_a_file_in_place_of_a_type_is_told():
    refused(sdscope.run('check', __file__), f'but a file: give --from {__file__}')
    for type_ in ('absent.json', '.', '..'):
        sdscope.run('check', type_).expect(1)


def test_a_format_of_another_command_is_refused():
    refused(sdscope.run('watch', '-f', 'json'), "'json'", 'text, ndjson')


def test_missing_arguments():
    refused(sdscope.run('check'), 'TYPE', '--from')
    refused(sdscope.run('explain'), 'RULE')
    refused(sdscope.run('registry'), 'registry ACTION')
    refused(sdscope.run('registry', 'show'), 'NAME...')
    refused(sdscope.run('registry', 'list', 'ipp'), 'one argument too many')


@tap.each('ipp', '_ipp')
def test_a_name_without_transport_is_guessed(word):
    refused(sdscope.run('audit', word), f"'{word}'", "did you mean '_ipp._tcp'?")


@tap.each('', '.', '..', '_ipp..tcp', 'a b', 'ipp.tcp.', '_' + 'x' * 64 + '._tcp')
def test_what_is_no_type_is_not_browsed(word):
    for command in (['audit'], ['browse'], ['watch'], ['check', '--live']):
        refused(sdscope.run(*command, word), 'no service type')


MEANT = {'_smb.tcp': '_smb._tcp', 'smb._tcp': '_smb._tcp', 'smb.udp': '_smb._udp',
         'smb/tcp': '_smb._tcp', 'SMB/_TCP': '_SMB._TCP',
         '_ipp._tcp.example.org': '_ipp._tcp --domain example.org',
         'Kitchen._ipp._tcp.local': '_ipp._tcp', 'My\\.printer._ipp._tcp': '_ipp._tcp',
         '_daap._http._tcp': '_http._tcp',
         '_printer._sub._http._tcp': '_http._tcp --subtype _printer'}


@tap.each(*MEANT)
def test_what_may_have_been_meant_is_told(word):
    for command in (['audit'], ['browse'], ['watch', '--until'], ['check', '--live']):
        refused(sdscope.run(*command, word), f"did you mean '{MEANT[word]}'?")


RECORDING = ROOT / 'registry/demo.ndjson'


@tap.each('_ipp._tcp.', '_ipp._tcp.local', '_ipp._tcp.local.', '_IPP._tcp.Local')
def test_a_dot_and_the_domain_after_a_type_are_understood(word):
    seen = [sdscope.run('browse', '-f', 'json', '--source', RECORDING, '-d', 'local', type_)
            .expect(0).report['services'] for type_ in ('_ipp._tcp', word)]
    tap.check(seen[0], 'services of the recording')
    tap.equal(seen[1], seen[0], f'services of {word}')
    sdscope.run('check', '--fail-on', 'never', '--live', '--source', RECORDING, word).expect(0)
    sdscope.run('watch', '--speed', '0', '--source', RECORDING, word, '--until', '_ipp._tcp.',
                timeout=20).expect(0)


def test_the_domain_after_a_type_is_the_one_that_is_browsed():
    same = ['-d', 'example.org', '_ipp._tcp.example.org']
    sdscope.run('browse', '--source', RECORDING, *same).expect(4)     # it was not recorded
    refused(sdscope.run('browse', '--source', RECORDING, '-d', 'example.org', '_ipp._tcp.local'),
            "did you mean '_ipp._tcp --domain local'?")


@tap.each('0', '-1', 'nan', 'inf', '1e9', '1s', '', ' ')
def test_what_is_no_timeout_is_refused(value):
    refused(sdscope.run('audit', '-t', value), f"'{value}'")


@tap.each('..', 'a..b', 'x' * 64, '')
def test_what_is_no_domain_is_refused(value):
    refused(sdscope.run('audit', '-d', value), 'not a domain', f"'{value}'")
    refused(sdscope.run('check', '-d', value, '--live', '_ipp._tcp'), 'not a domain', f"'{value}'")


@tap.each('', '..', 'x' * 64, '_printer._sub._http._tcp', '_printer._ipp._tcp')
def test_what_is_no_subtype_is_not_browsed(word):
    for command in (('audit',), ('browse',), ('watch',), ('check', '--live')):
        refused(sdscope.run(*command, '_ipp._tcp', '--subtype', word), f"'{word}'", '_ipp._tcp')


@tap.each('audit', 'browse', 'watch')
def test_a_subtype_is_one_of_a_type(command):
    refused(sdscope.run(command, '--subtype', '_printer'), '--subtype', 'TYPE')


def test_domains_are_no_services():
    refused(sdscope.run('audit', '--domains'), "'--domains'")
    refused(sdscope.run('browse', '--domains', '_ipp._tcp'), '--domains', "'_ipp._tcp'")
    for option in ('--deep', '--group=type', '--subtype=_printer'):
        refused(sdscope.run('browse', '--domains', option), '--domains', option.split('=')[0])
    refused(sdscope.run('browse', '--domains', '--source', './home.ndjson'), 'recording', '--pcap')


def test_only_what_ends_is_deep():
    for command in ('watch', 'check', 'explain'):
        refused(sdscope.run(command, '--deep', '_ipp._tcp'), "'--deep'")


if __name__ == '__main__':
    tap.main(needs=sdscope.program)
