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
#include "no_memory.h"

/* The linker puts these in the place of what they wrap, so that allocations fail; those of expat
 * are not ours. */
void *__real_reallocarray(void *p, size_t n, size_t size);
char *__real_strdup(const char *text);
FILE *__real_open_memstream(char **text, size_t *size);
int __real_vasprintf(char **text, const char *format, va_list args);

void *__wrap_reallocarray(void *p, size_t n, size_t size);
char *__wrap_strdup(const char *text);
FILE *__wrap_open_memstream(char **text, size_t *size);
int __wrap_vasprintf(char **text, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

void *__wrap_reallocarray(void *p, size_t n, size_t size)
{
    return may_allocate() ? __real_reallocarray(p, n, size) : NULL;
}

char *__wrap_strdup(const char *text)
{
    return may_allocate() ? __real_strdup(text) : NULL;
}

FILE *__wrap_open_memstream(char **text, size_t *size)
{
    return may_allocate() ? __real_open_memstream(text, size) : NULL;
}

int __wrap_vasprintf(char **text, const char *format, va_list args)
{
    return may_allocate() ? __real_vasprintf(text, format, args) : -1;
}

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
