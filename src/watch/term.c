/* SPDX-License-Identifier: MIT */
#include "watch/term.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/mem.h"

#define ESCAPE_DELAY_MS 25    /* after Esc, until it is known to be no part of another key */
#define COPY_MAX        74994 /* bytes of base64 that common terminals take at once */

/* What a crash must undo. A handler of signals may call little more than write(2). */
static struct {
    bool is_taken;
    SCREEN *screen;
    struct termios before;
    char restore[256]; /* what curses would send */
    size_t restore_len;
} term;

static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGQUIT};
static struct sigaction handlers_before[SDS_COUNT(deadly)];

/* ---- a crash ------------------------------------------------------------------------------ */

static int collect(int c)
{
    if (term.restore_len < sizeof(term.restore))
        term.restore[term.restore_len++] = (char)c;
    return c;
}

/* A capability of the terminal, as curses sends it; nothing where it has none. */
static void collect_capability(const char *name)
{
    const char *text = tigetstr(name);

    if (text && text != (const char *)-1)
        tputs(text, 1, collect);
}

static void prepare_restore(bool has_mouse)
{
    static const char mouse_off[] = "\033[?1006;1000l";

    term.restore_len = 0;
    for (size_t i = 0; has_mouse && mouse_off[i]; i++)
        collect(mouse_off[i]);
    collect_capability("sgr0");
    collect_capability("rmkx");
    collect_capability("cnorm");
    collect_capability("rmcup");
}

static void on_deadly_signal(int number)
{
    int saved = errno;

    if (term.is_taken) {
        ssize_t n = write(STDOUT_FILENO, term.restore, term.restore_len);

        (void)n;
        tcsetattr(STDIN_FILENO, TCSANOW, &term.before);
    }
    for (size_t i = 0; i < SDS_COUNT(deadly); i++)
        if (deadly[i] == number)
            sigaction(number, &handlers_before[i], NULL);
    errno = saved;
    raise(number); /* when this handler has returned */
}

static void handle_deadly_signals(void)
{
    struct sigaction action = {.sa_handler = on_deadly_signal};

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SDS_COUNT(deadly); i++)
        sigaction(deadly[i], &action, &handlers_before[i]);
}

static void unhandle_deadly_signals(void)
{
    for (size_t i = 0; i < SDS_COUNT(deadly); i++)
        sigaction(deadly[i], &handlers_before[i], NULL);
}

/* ---- taking and giving back --------------------------------------------------------------- */

bool sds_term_is_possible(void)
{
    const char *name = getenv("TERM");
    bool is_able;
    int error;

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !name || !*name)
        return false;
    if (setupterm(NULL, STDOUT_FILENO, &error) != OK)
        return false;
    is_able = cursor_address != NULL;
    del_curterm(cur_term);
    return is_able;
}

static void use_keys_and_mouse(bool has_mouse)
{
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    meta(stdscr, TRUE);
    set_escdelay(ESCAPE_DELAY_MS);
    curs_set(0);
    if (has_mouse) {
        mouseinterval(0); /* a press counts at once */
        /* Releases are of no use, but curses loses a press that comes together with one. */
        mousemask(BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
    }
}

int sds_term_begin(bool has_color, bool has_mouse)
{
    if (tcgetattr(STDIN_FILENO, &term.before) < 0)
        return -errno;
    term.screen = newterm(NULL, stdout, stdin);
    if (!term.screen)
        return -ENOTSUP;
    if (has_color && has_colors()) {
        start_color();
        use_default_colors();
    }
    prepare_restore(has_mouse);
    term.is_taken = true;
    handle_deadly_signals();
    use_keys_and_mouse(has_mouse);
    return 0;
}

void sds_term_end(void)
{
    if (!term.is_taken)
        return;
    endwin();
    tcsetattr(STDIN_FILENO, TCSANOW, &term.before);
    term.is_taken = false;
    unhandle_deadly_signals();
    delscreen(SDS_TAKE(term.screen));
}

void sds_term_suspend(void)
{
    struct sigaction stop = {.sa_handler = SIG_DFL}, before;
    sigset_t set, blocked;

    endwin();
    sigemptyset(&stop.sa_mask);
    sigaction(SIGTSTP, &stop, &before);
    sigemptyset(&set);
    sigaddset(&set, SIGTSTP);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &set, &blocked); /* here it stops */
    sigprocmask(SIG_SETMASK, &blocked, NULL);
    sigaction(SIGTSTP, &before, NULL);
    sds_term_resize(); /* the window may be another one by now */
}

void sds_term_resize(void)
{
    struct winsize size;

    reset_prog_mode();
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
        resizeterm(size.ws_row, size.ws_col);
    clearok(curscr, TRUE);
}

bool sds_term_is_gone(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

    return poll(&input, 1, 0) > 0 && input.revents & (POLLHUP | POLLERR | POLLNVAL);
}

/* ---- the clipboard ------------------------------------------------------------------------ */

int sds_term_copy(const char *text)
{
    SDS_CLEANUP(sds_freep) char *code = sds_base64_dup(text, strlen(text));

    if (!code)
        return -ENOMEM;
    if (strlen(code) > COPY_MAX)
        return -E2BIG;
    fflush(stdout);
    fprintf(stdout, "\033]52;c;%s\033\\", code);
    return fflush(stdout) ? -errno : 0;
}
