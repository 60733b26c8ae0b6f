/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/service_xml.h"

/* Text with its length, NUL bytes and all. */
#define TEXT(literal) (literal), sizeof(literal) - 1

#define GROUP(inner)   "<service-group>" inner "</service-group>"
#define NAMED(inner)   GROUP("<name>N</name>" inner)
#define SERVICE(inner) "<service><type>_a._tcp</type><port>1</port>" inner "</service>"
#define TXT(inner)     NAMED(SERVICE(inner))

/* ---- what the tests look at --------------------------------------------------------------- */

static void put_text(FILE *out, const char *name, const char *text)
{
    if (!text)
        return;
    fprintf(out, " %s=", name);
    sds_text_puts(out, text);
}

/* A service in a line: what is known of it. */
static void put_service(FILE *out, const struct sds_service *s)
{
    SDS_CLEANUP(sds_freep) char *txt = sds_hex_encode(s->txt.p, s->txt.len);

    if (sds_service_state(s, SDS_PART_INSTANCE) == SDS_PRESENT) {
        fputc('"', out);
        sds_text_put(out, s->instance.p, s->instance.len);
        fputs("\" ", out);
    }
    sds_text_puts(out, s->type);
    if (sds_service_state(s, SDS_PART_PORT) == SDS_PRESENT)
        fprintf(out, " %u", s->port);
    put_text(out, "domain", s->domain);
    put_text(out, "host", s->host);
    for (size_t i = 0; i < s->n_subtypes; i++)
        put_text(out, "sub", s->subtypes[i]);
    fprintf(out, " %s;", txt);
}

/* What was read, malloc'ed: services, then faults as "906@1:2 message;". */
static char *digest(const struct sds_input *input)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    for (size_t i = 0; i < input->services.n; i++)
        put_service(out, input->services.v[i].service);
    for (size_t i = 0; i < input->faults.n; i++) {
        const struct sds_input_fault *f = &input->faults.v[i];

        fprintf(out, " %u@%d:%d %s;", f->rule, f->place.line, f->place.column, f->message);
    }
    fclose(out);
    return text;
}

static void assert_reads(const char *name, const char *xml, size_t len, const char *expected)
{
    struct sds_input input = {0};
    struct sds_input_error error;
    char *copy = malloc(len ? len : 1); /* no byte more, so that reading past it is seen */
    SDS_CLEANUP(sds_freep) char *got = NULL;

    print_message("# %s\n", name);
    assert_non_null(copy);
    memcpy(copy, xml, len);
    assert_int_equal(sds_services_read_xml(copy, len, &input, &error), 0);
    free(copy);
    got = digest(&input);
    assert_string_equal(got, expected);
    sds_input_done(&input);
}

struct vector {
    const char *name, *xml;
    size_t len;
    const char *expected;
};

static void assert_all(const struct vector *vectors, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_reads(vectors[i].name, vectors[i].xml, vectors[i].len, vectors[i].expected);
}

/* ---- services ----------------------------------------------------------------------------- */

static void reads_every_part(void **state)
{
    static const struct vector vectors[] = {
        {"one service", TEXT(NAMED(SERVICE(""))), "\"N\" _a._tcp 1 00;"},
        {"all parts",
         TEXT(NAMED(
             "<service protocol=\"ipv6\"><type>_a._tcp</type><subtype>_s._sub._a._tcp</subtype>"
             "<subtype>_t._sub._a._tcp</subtype><domain-name>local</domain-name><host-name>h.local"
             "</host-name><port>65535</port><txt-record>a=1</txt-record><txt-record>b"
             "</txt-record></service>")),
         "\"N\" _a._tcp 65535 domain=local host=h.local sub=_s._sub._a._tcp sub=_t._sub._a._tcp "
         "03613d310162;"},
        {"several services",
         TEXT(NAMED(SERVICE("") "<service protocol=\"ipv4\"><type>_b._udp</type><port>0</port>"
                                "</service><service protocol=\"any\"><type>_c._tcp</type>"
                                "<port>007</port></service>")),
         "\"N\" _a._tcp 1 00;\"N\" _b._udp 0 00;\"N\" _c._tcp 7 00;"},
        {"the name at the end, the type likewise",
         TEXT(GROUP("<service><port>1</port><type>_a._tcp</type></service><name>N</name>")),
         "\"N\" _a._tcp 1 00;"},
        {"with its DTD",
         TEXT("<?xml version=\"1.0\" standalone='no'?><!--*-nxml-*-->\n<!DOCTYPE service-group "
              "SYSTEM \"avahi-service.dtd\">\n" NAMED(SERVICE(""))),
         "\"N\" _a._tcp 1 00;"},
        {"references, CDATA and comments are text",
         TEXT(GROUP("<name>&lt;A&amp;&#66;<![CDATA[<C>]]><!-- no -->D</name>" SERVICE(""))),
         "\"<A&B<C>D\" _a._tcp 1 00;"},
        {"UTF-8",
         TEXT(GROUP("<name>K\xC3\xBC"
                    "che</name>" SERVICE(""))),
         "\"Küche\" _a._tcp 1 00;"},
        {"ISO 8859-1",
         TEXT("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" GROUP("<name>K\xFC"
                                                                      "che</name>" SERVICE(""))),
         "\"Küche\" _a._tcp 1 00;"},
        {"a byte order mark", TEXT("\xEF\xBB\xBF" NAMED(SERVICE(""))), "\"N\" _a._tcp 1 00;"},
        {"no subtype, host, domain", TEXT(TXT("<host-name/><domain-name></domain-name>")),
         "\"N\" _a._tcp 1 00;"},
        {"_device-info needs no port",
         TEXT(NAMED("<service><type>_Device-Info._tcp</type></service>"
                    "<service><type>_device-info._udp</type><port/></service>")),
         "\"N\" _Device-Info._tcp 0 00;\"N\" _device-info._udp 0 00;"},
    };

    (void)state;
    assert_all(vectors, SDS_COUNT(vectors));
}

static void what_the_file_leaves_out_is_unknown_or_missing(void **state)
{
    static const char xml[] = NAMED(SERVICE(""));
    struct sds_input input = {0};
    struct sds_input_error error;
    const struct sds_service *s;

    (void)state;
    assert_int_equal(sds_services_read_xml(xml, strlen(xml), &input, &error), 0);
    assert_int_equal(input.services.n, 1);
    s = input.services.v[0].service;
    assert_int_equal(s->present, SDS_PART_INSTANCE | SDS_PART_TYPE | SDS_PART_PORT | SDS_PART_TXT);
    assert_int_equal(s->missing, SDS_PART_SUBTYPES);
    sds_input_done(&input);
}

static void fills_in_the_host(void **state)
{
    static const struct vector vectors[] = {
        {"with the attribute",
         TEXT(GROUP("<name replace-wildcards=\"yes\">%h, %%h%h %</name>" SERVICE(""))),
         "\"host, %hosthost %\" _a._tcp 1 00;"},
        {"nothing to fill in",
         TEXT(GROUP("<name replace-wildcards=\"yes\">N %H</name>" SERVICE(""))),
         "\"N %H\" _a._tcp 1 00;"},
        {"without it", TEXT(GROUP("<name>%h</name>" SERVICE(""))),
         "\"%h\" _a._tcp 1 00; 905@1:16 %h in the name is no wildcard without "
         "replace-wildcards=\"yes\";"},
        {"with no", TEXT(GROUP("<name replace-wildcards=\"no\">On %h</name>" SERVICE(""))),
         "\"On %h\" _a._tcp 1 00; 905@1:16 %h in the name is no wildcard without "
         "replace-wildcards=\"yes\";"},
    };

    (void)state;
    assert_all(vectors, SDS_COUNT(vectors));
}

#define PORT(text) NAMED("<service><type>_a._tcp</type>" text "</service>")

static void reads_ports(void **state)
{
    static const struct vector vectors[] = {
        {"none", TEXT(PORT("")), "\"N\" _a._tcp 00; 901@1:30 service has no <port>;"},
        {"empty", TEXT(PORT("<port></port>")), "\"N\" _a._tcp 00; 901@1:59 <port> is empty;"},
        {"highest", TEXT(PORT("<port>65535</port>")), "\"N\" _a._tcp 65535 00;"},
        {"above", TEXT(PORT("<port>65536</port>")),
         "\"N\" _a._tcp 00; 902@1:59 port '65536' is not a number from 0 to 65535: Avahi ignores "
         "the file;"},
        {"far above", TEXT(PORT("<port>99999999999999999999</port>")),
         "\"N\" _a._tcp 00; 902@1:59 port '99999999999999999999' is not a number from 0 to 65535: "
         "Avahi ignores the file;"},
        {"below", TEXT(PORT("<port>-1</port>")),
         "\"N\" _a._tcp 00; 902@1:59 port '-1' is not a number from 0 to 65535: Avahi ignores the "
         "file;"},
        {"begins with digits", TEXT(PORT("<port>80abc</port>")),
         "\"N\" _a._tcp 80 00; 902@1:59 port '80abc' is not digits alone: Avahi reads 80;"},
        {"a word", TEXT(PORT("<port>http</port>")),
         "\"N\" _a._tcp 00; 902@1:59 port 'http' is not digits alone: Avahi reads 0;"},
        {"blanks", TEXT(PORT("<port> 80&#10;</port>")),
         "\"N\" _a._tcp 80 00; 902@1:59 port ' 80\\x0a' is not digits alone: Avahi reads 80;"},
    };

    (void)state;
    assert_all(vectors, SDS_COUNT(vectors));
}

#define X63          "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define HEX(text)    TXT("<txt-record value-format=\"binary-hex\">" text "</txt-record>")
#define BASE64(text) TXT("<txt-record value-format=\"binary-base64\">" text "</txt-record>")

static void decodes_values(void **state)
{
    static const struct vector vectors[] = {
        {"text", TEXT(TXT("<txt-record value-format=\"text\">k=6F</txt-record>")),
         "\"N\" _a._tcp 1 046b3d3646;"},
        {"hex", TEXT(HEX("k=00fF3d")), "\"N\" _a._tcp 1 056b3d00ff3d;"},
        {"hex of nothing", TEXT(HEX("k=")), "\"N\" _a._tcp 1 026b3d;"},
        {"hex without a value", TEXT(HEX("odd")), "\"N\" _a._tcp 1 036f6464;"},
        {"odd hex", TEXT(HEX("k=1")),
         "\"N\" _a._tcp 1 036b3d31; 907@1:73 '1' is not an even number of hex digits;"},
        {"hex with 0x", TEXT(HEX("k=0x10")),
         "\"N\" _a._tcp 1 066b3d30783130; 907@1:73 '0x10' is not an even number of hex digits;"},
        {"a second = is a digit of none", TEXT(HEX("k=00=0")),
         "\"N\" _a._tcp 1 066b3d30303d30; 907@1:73 '00=0' is not an even number of hex digits;"},
        {"base64", TEXT(BASE64("k=dmFsdWU=")), "\"N\" _a._tcp 1 076b3d76616c7565;"},
        {"base64, two pads", TEXT(BASE64("k=+/8AAQ==")), "\"N\" _a._tcp 1 066b3dfbff0001;"},
        {"base64 without pads", TEXT(BASE64("k=AAEC")), "\"N\" _a._tcp 1 056b3d000102;"},
        {"base64 of nothing", TEXT(BASE64("k=")), "\"N\" _a._tcp 1 026b3d;"},
        {"base64 with bits to spare", TEXT(BASE64("k=YR==")), "\"N\" _a._tcp 1 036b3d61;"},
        {"base64 unpadded", TEXT(BASE64("k=YQ")),
         "\"N\" _a._tcp 1 046b3d5951; 907@1:73 'YQ' is not base64 with its padding;"},
        {"base64 padded inside", TEXT(BASE64("k=Y=Q=")),
         "\"N\" _a._tcp 1 066b3d593d513d; 907@1:73 'Y=Q=' is not base64 with its padding;"},
        {"pads alone", TEXT(BASE64("k=====")),
         "\"N\" _a._tcp 1 066b3d3d3d3d3d; 907@1:73 '====' is not base64 with its padding;"},
        {"base64 of URLs", TEXT(BASE64("k=-_8=")),
         "\"N\" _a._tcp 1 066b3d2d5f383d; 907@1:73 '-_8=' is not base64 with its padding;"},
        {"strings and none", TEXT(TXT("<txt-record/><txt-record>=</txt-record>")),
         "\"N\" _a._tcp 1 00013d;"},
    };

    (void)state;
    assert_all(vectors, SDS_COUNT(vectors));
}

/* ---- faults ------------------------------------------------------------------------------- */

static void keeps_white_space_and_tells_it(void **state)
{
    static const struct vector vectors[] = {
        {"name", TEXT(GROUP("<name>N </name>" SERVICE(""))),
         "\"N \" _a._tcp 1 00; 904@1:16 <name> begins or ends with white space;"},
        {"type", TEXT(NAMED("<service><type>\n_a._tcp</type><port>1</port></service>")),
         "\"N\" \\x0a_a._tcp 1 00; 904@1:39 <type> begins or ends with white space;"},
        {"host", TEXT(TXT("<host-name>\th</host-name>")),
         "\"N\" _a._tcp 1 host=\\x09h 00; 904@1:73 <host-name> begins or ends with white space;"},
        {"TXT string", TEXT(TXT("<txt-record> a</txt-record>")),
         "\"N\" _a._tcp 1 022061; 904@1:73 <txt-record> begins or ends with white space;"},
        {"TXT string of two lines", TEXT(TXT("<txt-record>a\r\nb</txt-record>")),
         "\"N\" _a._tcp 1 03610a62; 904@1:73 <txt-record> has a line break in it;"},
        {"not inside, nor where it does no harm",
         TEXT(GROUP("<name>A\nB</name>" SERVICE("<txt-record>a b</txt-record>"
                                                "<subtype> s._sub._a._tcp</subtype><domain-name> d"
                                                "</domain-name>"))),
         "\"A\\x0aB\" _a._tcp 1 domain= d sub= s._sub._a._tcp 03612062;"},
    };

    (void)state;
    assert_all(vectors, SDS_COUNT(vectors));
}

static void tells_what_the_dtd_does_not_have(void **state)
{
    static const struct vector vectors[] = {
        {"nothing", TEXT(""), " 906@1:1 not well-formed: no element found;"},
        {"another document", TEXT("<html><name>N</name></html>"),
         " 906@1:1 <html> is not the <service-group> of an Avahi service file;"},
        {"unknown element", TEXT(TXT("<prot>1<type/></prot><interface>1</interface>")),
         "\"N\" _a._tcp 1 00; 906@1:73 <prot> does not belong in <service>; did you mean <port>?;"
         " 906@1:94 <interface> does not belong in <service>;"},
        {"misplaced element", TEXT(NAMED("<port>1</port>" SERVICE(""))),
         "\"N\" _a._tcp 1 00; 906@1:30 <port> does not belong in <service-group>;"},
        {"element in text", TEXT(GROUP("<name>A<b>B</b>C</name>" SERVICE(""))),
         "\"AC\" _a._tcp 1 00; 906@1:23 <b> does not belong in <name>;"},
        {"element twice", TEXT(TXT("<port>2</port>")),
         "\"N\" _a._tcp 1 00; 906@1:73 <port> is there already;"},
        {"name twice", TEXT(NAMED("<name>B</name>" SERVICE(""))),
         "\"N\" _a._tcp 1 00; 906@1:30 <name> is there already;"},
        {"unknown attributes",
         TEXT("<service-group a='1'><name lang='en'>N</name>" SERVICE("") "</service-group>"),
         "\"N\" _a._tcp 1 00; 906@1:1 'a' is no attribute of <service-group>;"
         " 906@1:22 'lang' is no attribute of <name>;"},
        {"unknown values",
         TEXT(GROUP("<name replace-wildcards='Yes'>N</name>"
                    "<service protocol=''><type>_a._tcp</type><port>1</port>"
                    "<txt-record value-format='hex'>a=00</txt-record></service>")),
         "\"N\" _a._tcp 1 04613d3030; 906@1:16 'Yes' is no value of 'replace-wildcards': no, yes;"
         " 906@1:54 '' is no value of 'protocol': any, ipv4, ipv6;"
         " 906@1:109 'hex' is no value of 'value-format': text, binary-hex, binary-base64;"},
        {"no name", TEXT(GROUP(SERVICE(""))), "_a._tcp 1 00; 906@1:1 group has no <name>;"},
        {"empty name", TEXT(GROUP("<name/>" SERVICE(""))),
         "_a._tcp 1 00; 906@1:16 <name> is empty;"},
        {"no service", TEXT(NAMED("")), " 906@1:1 group has no <service>;"},
        {"no type", TEXT(NAMED("<service><port>1</port></service>" SERVICE(""))),
         "\"N\" _a._tcp 1 00; 906@1:30 service has no type;"},
        {"empty type", TEXT(NAMED("<service><type/></service>")), " 906@1:30 service has no type;"},
        {"breaks off", TEXT("<service-group><name>N</name>" SERVICE("") "<service><type>_b._tcp<"),
         "\"N\" _a._tcp 1 00; 906@1:105 not well-formed: unclosed token;"},
        {"wrong end", TEXT("<service-group>\n<name>N</name>\n" SERVICE("") "\n</service>"),
         "\"N\" _a._tcp 1 00; 906@4:3 not well-formed: mismatched tag;"},
        {"something behind", TEXT(NAMED(SERVICE("")) "<x/>"),
         "\"N\" _a._tcp 1 00; 906@1:99 not well-formed: junk after document element;"},
        {"not UTF-8", TEXT(GROUP("<name>\xFF</name>" SERVICE(""))),
         " 906@1:22 not well-formed: not well-formed (invalid token);"},
        {"unknown encoding", TEXT("<?xml version=\"1.0\" encoding=\"x-none\"?><service-group/>"),
         " 906@1:31 not well-formed: unknown encoding;"},
        {"hostile names", TEXT("<\xE2\x80\xAE/>"),
         " 906@1:2 not well-formed: not well-formed (invalid token);"},
    };

    (void)state;
    assert_all(vectors, SDS_COUNT(vectors));
}

/* Two services of one type; the second stands on line 2. */
#define TWICE(protocol, other, domain)                                                             \
    TEXT(NAMED("<service" protocol "><type>_a._tcp</type><port>1</port></service>\n"               \
               "<service" other "><type>_A._TCP</type>" domain "<port>2</port></service>"))

#define TWO        "\"N\" _a._tcp 1 00;\"N\" _A._TCP 2 00;"
#define PROTOCOL_4 " protocol=\"ipv4\""
#define PROTOCOL_6 " protocol=\"ipv6\""

/* As Avahi 0.8 does: it calls a collision what is told here, and publishes the others. */
static void a_type_is_in_a_group_once(void **state)
{
    static const struct vector vectors[] = {
        {"twice", TWICE("", "", ""),
         TWO " 706@2:10 type '_A._TCP' occurs twice in the group, first on line 1;"},
        {"any and one", TWICE("", PROTOCOL_6, ""),
         TWO " 706@2:26 type '_A._TCP' occurs twice in the group, first on line 1;"},
        {"one and any", TWICE(PROTOCOL_4, "", ""),
         TWO " 706@2:10 type '_A._TCP' occurs twice in the group, first on line 1;"},
        {"one twice", TWICE(PROTOCOL_4, PROTOCOL_4, ""),
         TWO " 706@2:26 type '_A._TCP' occurs twice in the group, first on line 1;"},
        {"either", TWICE(PROTOCOL_4, PROTOCOL_6, ""), TWO},
        {"two domains", TWICE("", "", "<domain-name>example.org</domain-name>"),
         "\"N\" _a._tcp 1 00;\"N\" _A._TCP 2 domain=example.org 00;"},
        {"the usual domain", TWICE("", "", "<domain-name>Local.</domain-name>"),
         "\"N\" _a._tcp 1 00;\"N\" _A._TCP 2 domain=Local. 00;"
         " 706@2:10 type '_A._TCP' occurs twice in the group, first on line 1;"},
    };

    (void)state;
    assert_all(vectors, SDS_COUNT(vectors));
}

static void a_subtype_is_written_in_full(void **state)
{
    static const struct vector vectors[] = {
        {"a label", TEXT(TXT("<subtype>_x</subtype>\n<subtype>_y</subtype>")),
         "\"N\" _a._tcp 1 sub=_x sub=_y 00;"
         " 121@1:73 subtype '_x' is a label, to be followed by ._sub._a._tcp;"
         " 121@2:1 subtype '_y' is a label, to be followed by ._sub._a._tcp;"},
        {"in full, and twice",
         TEXT(TXT("<subtype>_x._sub._a._tcp</subtype><subtype>_x._sub._a._tcp</subtype>")),
         "\"N\" _a._tcp 1 sub=_x._sub._a._tcp sub=_x._sub._a._tcp 00;"},
        {"forms that the service's own rules tell",
         TEXT(TXT("<subtype/><subtype>_x._sub</subtype>")), "\"N\" _a._tcp 1 sub= sub=_x._sub 00;"},
    };

    (void)state;
    assert_all(vectors, SDS_COUNT(vectors));
}

/* ---- places ------------------------------------------------------------------------------- */

static void assert_place(const struct sds_input_service *s, enum sds_part part, long index,
                         int line, int column)
{
    struct sds_input_place place = sds_input_find(s, part, index);

    assert_int_equal(place.line, line);
    assert_int_equal(place.column, column);
}

static void assert_places(const char *text)
{
    struct sds_input input = {0};
    struct sds_input_error error;
    const struct sds_input_service *s;

    assert_int_equal(sds_input_read(text, strlen(text), NULL, &input, &error), 0);
    assert_int_equal(input.services.n, 2);
    s = &input.services.v[0];
    assert_int_equal(s->place.line, 2);
    assert_int_equal(s->place.column, 1);
    assert_place(s, SDS_PART_INSTANCE, 0, 1, 16);
    assert_place(s, SDS_PART_TYPE, 0, 2, 10);
    assert_place(s, SDS_PART_SUBTYPES, 0, 3, 1);
    assert_place(s, SDS_PART_SUBTYPES, 1, 3, 22);
    assert_place(s, SDS_PART_PORT, 0, 4, 3);
    assert_place(s, SDS_PART_TXT, 0, 5, 1);
    assert_place(s, SDS_PART_TXT, 3, 5, 27);
    assert_place(s, SDS_PART_HOST, 0, 2, 1); /* it has none */
    assert_place(&input.services.v[1], SDS_PART_INSTANCE, 0, 1, 16);
    assert_place(&input.services.v[1], SDS_PART_DOMAIN, 0, 6, 55);
    sds_input_done(&input);
}

static void marks_where_parts_stand(void **state)
{
    (void)state;
    assert_places(
        "<service-group><name>\xC3\xA4</name>\n<service><type>_a._tcp</type>\n"
        "<subtype>s</subtype> <subtype>t</subtype>\n  <port>1</port>\n"
        "<txt-record>\xC3\xA4</txt-record><txt-record>b</txt-record></service>\n"
        "<service><type>_b._tcp</type><port>1</port>           <domain-name>d</domain-name>"
        "</service></service-group>");
    assert_places(
        "\xEF\xBB\xBF<service-group><name>\xC3\xA4</name>\r\n"
        "<service><type>_a._tcp</type>\r\n"
        "<subtype>s</subtype> <subtype>t</subtype>\r\n  <port>1</port>\r\n"
        "<txt-record>\xC3\xA4</txt-record><txt-record>b</txt-record></service>\r\n"
        "<service><type>_b._tcp</type><port>1</port>           <domain-name>d</domain-name>"
        "</service></service-group>\r\n");
}

static void what_was_there_stays(void **state)
{
    static const char xml[] = NAMED(SERVICE("<x/>"));
    struct sds_input input = {0};
    struct sds_input_error error;

    (void)state;
    for (size_t i = 1; i <= 3; i++) {
        assert_int_equal(sds_services_read_xml(xml, strlen(xml), &input, &error), 0);
        assert_int_equal(input.services.n, i);
        assert_int_equal(input.faults.n, i);
    }
    sds_input_done(&input);
}

/* ---- hostile files ------------------------------------------------------------------------ */

static void refuses_entities(void **state)
{
    static const struct vector vectors[] = {
        {"laughs",
         TEXT(
             "<!DOCTYPE x [\n<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>" GROUP("<name>&b;</name>")),
         " 906@2:12 entity 'a' is declared in the file, which is refused; the rest is not read;"},
        {"a file", TEXT("<!DOCTYPE x [<!ENTITY a SYSTEM \"/etc/passwd\">]><x>&a;</x>"),
         " 906@1:45 entity 'a' is declared in the file, which is refused; the rest is not read;"},
        {"parameter", TEXT("<!DOCTYPE x [<!ENTITY % a \"b\">%a;]><x/>"),
         " 906@1:27 entity 'a' is declared in the file, which is refused; the rest is not read;"},
        {"declared nowhere",
         TEXT("<!DOCTYPE x SYSTEM \"x\">" GROUP("<name>&eacute;N</name>" SERVICE(""))),
         "\"N\" _a._tcp 1 00; 906@1:45 entity 'eacute' is declared nowhere;"},
        {"declared nowhere, no DTD", TEXT(GROUP("<name>&eacute;N</name>")),
         " 906@1:22 not well-formed: undefined entity;"},
        {"harmless declarations",
         TEXT("<!DOCTYPE service-group [<!ELEMENT name (#PCDATA)>]>" NAMED(SERVICE(""))),
         "\"N\" _a._tcp 1 00;"},
    };

    (void)state;
    assert_all(vectors, SDS_COUNT(vectors));
}

/* A text between two others, repeated; malloc'ed. */
static char *repeat(const char *before, const char *text, size_t times, const char *after)
{
    char *all = NULL;
    size_t size;
    FILE *out = open_memstream(&all, &size);

    assert_non_null(out);
    fputs(before, out);
    while (times--)
        fputs(text, out);
    fputs(after, out);
    fclose(out);
    return all;
}

static void stops_at_limits(void **state)
{
    static const struct {
        const char *before, *text;
        size_t times;
        const char *after;
        size_t services, faults;
        const char *last;
    } vectors[] = {
        {"", "<a>", 100000, "", 0, 2, "elements are nested too deeply; the rest is not read"},
        {"<service-group>", "<a/>", 5000, "", 0, 1001, "too many faults; the rest is not read"},
        {"<service-group>", "<service><type>t</type><port>1</port></service>", 1100, "", 1000, 1000,
         "too many services; the rest is not read"},
        {"<service-group><name>", "x", 65535, "</name>" SERVICE("") "</service-group>", 1, 0, NULL},
        {"<service-group><name>", "x", 65536, "</name>" SERVICE("") "</service-group>", 0, 1,
         "<name> is too long; the rest is not read"},
        {"<service-group><name>N</name><service><type>t</type><port>1</port>",
         "<txt-record>12345678901234</txt-record>", 4370, "</service></service-group>", 1, 1,
         "TXT strings exceed 65535 bytes; this one is left out"},
        {"<service-group><name>N</name><service><type>t</type><port>1</port>",
         "<subtype>s._sub.t</subtype>", 1001, "</service></service-group>", 1, 1,
         "more than 1000 subtypes; this one is left out"},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++) {
        struct sds_input input = {0};
        struct sds_input_error error;
        char *xml = repeat(vectors[i].before, vectors[i].text, vectors[i].times, vectors[i].after);

        assert_int_equal(sds_services_read_xml(xml, strlen(xml), &input, &error), 0);
        assert_int_equal(input.services.n, vectors[i].services);
        assert_int_equal(input.faults.n, vectors[i].faults);
        if (vectors[i].last)
            assert_string_equal(input.faults.v[input.faults.n - 1].message, vectors[i].last);
        sds_input_done(&input);
        free(xml);
    }
}

static void is_recognised_by_its_content(void **state)
{
    static const struct {
        const char *text;
        size_t len;
        bool is_xml;
    } vectors[] = {
        {TEXT("<"), true},
        {TEXT("\xEF\xBB\xBF \r\n\t<x/>"), true},
        {TEXT("\xFF\xFE<\0"), true},
        {TEXT("\xFE\xFF\0<"), true},
        {TEXT(""), false},
        {TEXT("\xEF\xBB\xBF"), false},
        {TEXT(" \n"), false},
        {TEXT("{\"type\": \"<\"}"), false},
        {TEXT("\xFF\xFE{\0"), false},
        {TEXT("; <"), false},
    };

    (void)state;
    for (size_t i = 0; i < SDS_COUNT(vectors); i++)
        assert_int_equal(sds_text_is_xml(vectors[i].text, vectors[i].len), vectors[i].is_xml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_part),
        cmocka_unit_test(what_the_file_leaves_out_is_unknown_or_missing),
        cmocka_unit_test(fills_in_the_host),
        cmocka_unit_test(reads_ports),
        cmocka_unit_test(decodes_values),
        cmocka_unit_test(keeps_white_space_and_tells_it),
        cmocka_unit_test(tells_what_the_dtd_does_not_have),
        cmocka_unit_test(a_type_is_in_a_group_once),
        cmocka_unit_test(a_subtype_is_written_in_full),
        cmocka_unit_test(marks_where_parts_stand),
        cmocka_unit_test(what_was_there_stays),
        cmocka_unit_test(refuses_entities),
        cmocka_unit_test(stops_at_limits),
        cmocka_unit_test(is_recognised_by_its_content),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
