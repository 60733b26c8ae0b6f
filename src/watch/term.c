/* SPDX-License-Identifier: MIT */
#include "watch/term.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
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
#define PATIENCE_S      2     /* with a terminal that takes nothing, when there is to be an end */

/* What a crash must undo. A handler of signals may call little more than write(2). */
static struct {
    bool is_taken, is_ending;
    SCREEN *screen;
    struct termios before;
    char restore[256]; /* what curses would send */
    size_t restore_len;
} term;

/* What ends a process, and does not come by a signalfd. */
static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE,  SIGILL,  SIGABRT, SIGTRAP,
                             SIGQUIT, SIGSYS, SIGXCPU, SIGXFSZ, SIGUSR1, SIGUSR2};
static struct sigaction handlers_before[SDS_COUNT(deadly)], alarm_before;

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

/* As well as it goes at once: curses would wait until the terminal has taken all. */
static void give_back_now(void)
{
    int flags = fcntl(STDOUT_FILENO, F_GETFL);
    ssize_t n;

    fcntl(STDOUT_FILENO, F_SETFL, flags | O_NONBLOCK);
    n = write(STDOUT_FILENO, term.restore, term.restore_len);
    (void)n;
    fcntl(STDOUT_FILENO, F_SETFL, flags); /* it is the shell's, too */
    tcsetattr(STDIN_FILENO, TCSANOW, &term.before);
}

static void on_deadly_signal(int number)
{
    int saved = errno;

    if (term.is_taken)
        give_back_now();
    for (size_t i = 0; i < SDS_COUNT(deadly); i++)
        if (deadly[i] == number)
            sigaction(number, &handlers_before[i], NULL);
    errno = saved;
    raise(number); /* when this handler has returned */
}

/* ---- a terminal that takes nothing -------------------------------------------------------- */

static bool is_asked_to_end(void)
{
    sigset_t pending;

    sigpending(&pending);
    return term.is_ending || sigismember(&pending, SIGTERM) == 1 ||
           sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGHUP) == 1;
}

/* Writing waits for as long as the terminal does, deaf to the signals that the loop would hear. */
static void on_alarm(int number)
{
    struct sigaction end = {.sa_handler = SIG_DFL};
    sigset_t set;

    (void)number;
    if (!is_asked_to_end()) {
        alarm(PATIENCE_S);
        return;
    }
    give_back_now();
    sigemptyset(&end.sa_mask);
    sigaction(SIGTERM, &end, NULL);
    raise(SIGTERM);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void begin_writing(void)
{
    alarm(PATIENCE_S);
}

static void end_writing(void)
{
    alarm(0);
}

/* ---- handlers ----------------------------------------------------------------------------- */

static void handle_signals(void)
{
    struct sigaction action = {.sa_handler = on_deadly_signal};
    struct sigaction impatience = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};

    sigemptyset(&action.sa_mask);
    sigemptyset(&impatience.sa_mask);
    for (size_t i = 0; i < SDS_COUNT(deadly); i++) {
        sigaction(deadly[i], NULL, &handlers_before[i]);
        if (handlers_before[i].sa_handler != SIG_IGN) /* else it kills nobody */
            sigaction(deadly[i], &action, NULL);
    }
    sigaction(SIGALRM, &impatience, &alarm_before);
}

static void unhandle_signals(void)
{
    for (size_t i = 0; i < SDS_COUNT(deadly); i++)
        sigaction(deadly[i], &handlers_before[i], NULL);
    sigaction(SIGALRM, &alarm_before, NULL);
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

/* ^S is nothing that anybody means here: it would stop more than the terminal. */
static void take_flow_keys(void)
{
    struct termios modes;

    if (tcgetattr(STDIN_FILENO, &modes) < 0)
        return;
    modes.c_iflag &= ~(tcflag_t)IXON;
    tcsetattr(STDIN_FILENO, TCSANOW, &modes);
    def_prog_mode();
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
    handle_signals();
    use_keys_and_mouse(has_mouse);
    take_flow_keys();
    return 0;
}

void sds_term_end(void)
{
    if (!term.is_taken)
        return;
    term.is_ending = true;
    begin_writing();
    endwin();
    end_writing();
    tcsetattr(STDIN_FILENO, TCSANOW, &term.before);
    term.is_taken = term.is_ending = false;
    unhandle_signals();
    delscreen(SDS_TAKE(term.screen));
}

void sds_term_suspend(void)
{
    struct sigaction stop = {.sa_handler = SIG_DFL}, before;
    sigset_t set, blocked;

    begin_writing();
    endwin();
    end_writing();
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

void sds_term_update(void)
{
    begin_writing();
    doupdate();
    end_writing();
}

/* Reading in the background stops a process, and fails where nobody is left to let it go on. */
static bool is_orphaned(void)
{
    pid_t foreground = tcgetpgrp(STDIN_FILENO);

    return foreground >= 0 && foreground != getpgrp();
}

bool sds_term_is_gone(bool has_read)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

    if (!has_read && is_orphaned())
        return true;
    return poll(&input, 1, 0) > 0 && input.revents & (POLLHUP | POLLERR | POLLNVAL);
}

/* ---- the clipboard ------------------------------------------------------------------------ */

int sds_term_copy(const char *text)
{
    SDS_CLEANUP(sds_freep) char *code = sds_base64_dup(text, strlen(text));
    int r;

    if (!code)
        return -ENOMEM;
    if (strlen(code) > COPY_MAX)
        return -E2BIG;
    begin_writing();
    r = fprintf(stdout, "\033]52;c;%s\033\\", code) < 0 || fflush(stdout) ? -errno : 0;
    end_writing();
    return r;
}
