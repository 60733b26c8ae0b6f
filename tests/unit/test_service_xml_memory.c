/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "files/service_xml.h"
#include "no_memory_libc.h" /* the allocations of expat are not ours */

/* Every part, and every fault. */
static const char file[] =
    "<!DOCTYPE service-group SYSTEM \"avahi-service.dtd\">"
    "<service-group><name replace-wildcards=\"yes\">On %h </name><service protocol=\"ip\">"
    "<type>_a._tcp</type><subtype>_s._sub._a._tcp</subtype><domain-name>local</domain-name>"
    "<host-name>h.local</host-name><port>80x</port><txt-record>a=1</txt-record>"
    "<txt-record value-format=\"binary-hex\">b=00ff</txt-record>"
    "<txt-record value-format=\"binary-base64\">c=AAE=</txt-record>"
    "<txt-record value-format=\"binary-hex\">d=0</txt-record><prot/></service>"
    "<service><type>_A._TCP</type></service><service/>&amp;&eacute;</service-group><x";

static void runs_out_of_memory(void **state)
{
    size_t n = 0;
    int r;

    (void)state;
    do {
        struct sds_input input = {0};
        struct sds_input_error error;

        allocations_left = n++;
        r = sds_services_read_xml(file, strlen(file), &input, &error);
        allocations_left = SIZE_MAX;
        assert_true(r == 0 || r == -ENOMEM);
        if (r == 0) {
            assert_int_equal(input.services.n, 2);
            assert_int_equal(input.faults.n, 10);
        }
        sds_input_done(&input);
    } while (r < 0);
    assert_true(n > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
