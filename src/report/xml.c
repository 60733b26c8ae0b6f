/* SPDX-License-Identifier: MIT */
#include "report/xml.h"

#include <stdbool.h>
#include <string.h>

/* XML 1.0 2.2: no control but these, not even as a reference. Line ends and tabs are references,
 * since a reader makes spaces of them in attributes. */
static void put_control(FILE *out, unsigned char c)
{
    if (strchr("\t\n\r", c))
        fprintf(out, "&#%u;", c);
    else
        fprintf(out, "\\x%02x", c);
}

static void put(FILE *out, const char *text, bool is_attribute)
{
    for (; *text; text++) {
        if (*text == '&')
            fputs("&amp;", out);
        else if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '>') /* of "]]>" */
            fputs("&gt;", out);
        else if (*text == '"' && is_attribute)
            fputs("&quot;", out);
        else if (*text == '\n' && !is_attribute)
            fputc('\n', out);
        else if ((unsigned char)*text < 0x20)
            put_control(out, (unsigned char)*text);
        else
            fputc(*text, out);
    }
}

void sds_xml_text(FILE *out, const char *text)
{
    put(out, text, false);
}

void sds_xml_attribute(FILE *out, const char *name, const char *text)
{
    fprintf(out, " %s=\"", name);
    put(out, text, true);
    fputc('"', out);
}
