/* SPDX-License-Identifier: MIT */

/* Loading and writing with no more than n allocations of ours, for every n until that is enough;
 * those of the libraries succeed, as not all of them notice. */
#include "registry_fixture.h"

#include <errno.h>

#include "no_memory.h"

static const char *const files[] = {
    "Service Name,Transport Protocol,Description,Assignment Notes\n"
    "oven,tcp,\"An oven\",\"Defined TXT keys: a=<x|y>, b=<comma-separated list of URLs>\"\n"
    "stove,quic,,\n",

    "Service Name Port Number Transport Protocol Description\n"
    "oven 600 tcp Oven [Ann] 2010-01-02 [RFC9] Defined TXT keys: a (optional)\n"
    "ID Name Organization Contact URI\n[Ann_Ode] Ann Ode Oven mailto:ann 2010-01\n[A\n",

    "<registry xmlns='http://www.iana.org/assignments'><title>t</title><record><name>oven</name>"
    "<xref type='person' data='Ann'/><xref type='rfc' data='rfc9'/><note>Defined TXT keys: a1, "
    "..., an</note></record><people><person id='Ann'><name>Ann</name><org>Oven</org>"
    "<uri>mailto:ann</uri><updated>2010-01</updated></person><person/></people></registry>",

    "{\"sdscope_registry\": 1, \"records\": [{\"name\": \"oven\", \"ports\": [\"1\", \"2\"],"
    " \"txt\": {\"kind\": \"keys\", \"keys\": [{\"key\": \"a\", \"form\": {\"type\": \"list\","
    " \"of\": {\"type\": \"enum\", \"values\": [\"x\"]}}}]}}, {\"name\": 1}],"
    " \"people\": [{\"id\": \"Ann\", \"name\": \"Ann Ode\", \"uri\": \"mailto:ann\"}, {}]}",

    "{\"sdscope_registry\": 1, \"records\": [{\"profile\": true, \"names\": [\"oven\", \"stove\"],"
    " \"txt\": {\"kind\": \"keys\", \"keys\": [{\"key\": \"a\", \"required\": [\"stove\"],"
    " \"form\": {\"type\": \"text\", \"regex\": \"x+\"}}]},"
    " \"instance_form\": {\"regex\": \"x\", \"about\": \"an x\"},"
    " \"subtypes\": [{\"regex\": \"_x\"}], \"source\": [{\"cite\": \"a\", \"backs\": \"b\"}],"
    " \"examples\": [{\"txt\": [\"a=x\"], \"hex\": [\"613d78\"], \"subtypes\": [\"_x\"]}]}]}",
};

static void loading_survives_any_failure(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        size_t n = 0;

        do {
            struct sds_registry *registry = sds_registry_new();
            int r;

            has_failed = false;
            allocations_left = n++;
            r = sds_registry_load_bytes(registry, "test", files[i], strlen(files[i]), NULL, NULL);
            allocations_left = SIZE_MAX;
            assert_int_equal(r, has_failed ? -ENOMEM : 0);
            sds_registry_free(registry);
        } while (has_failed);
        assert_true(n > 3);
    }
}

static void writing_survives_any_failure(void **state)
{
    struct loaded loaded = load_text(files[3]);
    FILE *out = fopen("/dev/null", "we");
    size_t n = 0;

    (void)state;
    assert_non_null(out);
    do {
        int r;

        has_failed = false;
        allocations_left = n++;
        r = sds_registry_export(loaded.registry, out, SDS_EXPORT_NONE);
        allocations_left = SIZE_MAX;
        assert_int_equal(r, has_failed ? -ENOMEM : 0);
    } while (has_failed);
    assert_true(n > 1);
    fclose(out);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loading_survives_any_failure),
        cmocka_unit_test(writing_survives_any_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
