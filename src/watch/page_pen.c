/* SPDX-License-Identifier: MIT */
#include "watch/page_pen.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool sds_page_pen_begin(struct sds_page_pen *pen, struct sds_page *page, bool is_ascii)
{
    *pen = (struct sds_page_pen){
        .style = {.color = true, .width = sds_page_width(page), .is_ascii = is_ascii}};
    pen->pen.style = &pen->style;
    pen->pen.out = open_memstream(&pen->text, &pen->size);
    if (!pen->pen.out)
        sds_page_put(page, SDS_INK_PLAIN, NULL, 0);
    return pen->pen.out;
}

static void put_piece(struct sds_page *page, enum sds_ink ink, const char *text, size_t len,
                      size_t indent)
{
    SDS_CLEANUP(sds_freep) char *piece = strndup(text, len);

    sds_page_put(page, ink, piece, indent);
}

/* Lines of pieces between the escapes that switch the ink: nothing else in them is an escape, for
 * all that a pen is given is safe to print. */
static void take(struct sds_page *page, const char *text)
{
    enum sds_ink ink = SDS_INK_PLAIN;
    size_t indent = strspn(text, " ");

    while (*text) {
        size_t len = strcspn(text, "\n\033");

        if (len > 0)
            put_piece(page, ink, text, len, indent);
        text += len;
        if (*text == '\033') {
            ink = sds_ink_take(&text);
        } else if (*text == '\n') {
            sds_page_end_line(page);
            indent = strspn(++text, " ");
        }
    }
}

void sds_page_pen_end(struct sds_page_pen *pen, struct sds_page *page, int error)
{
    if (fclose(pen->pen.out) || error < 0)
        sds_page_put(page, SDS_INK_PLAIN, NULL, 0);
    else
        take(page, pen->text);
    free(pen->text);
}
