/*
 * Prints the command table of every loaded module before httpd handles the configuration.
 *
 * One line per command, fields separated by tabs:
 *
 *     source file, name, args_how, req_override, help
 *
 * Numbers as in http_config.h; a command without help has no fifth field, and a tab, newline or
 * backslash in a help text is escaped as in C.
 */
#include <stdio.h>

#include "httpd.h"
#include "http_config.h"

static void print_escaped(const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '\t': fputs("\\t", stdout); break;
        case '\n': fputs("\\n", stdout); break;
        case '\\': fputs("\\\\", stdout); break;
        default: putchar(*text);
        }
    }
}

static int dump_commands(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    for (const module *module = ap_top_module; module; module = module->next) {
        const command_rec *command = module->cmds;
        for (; command && command->name; command++) {
            printf("%s\t%s\t%d\t%d", module->name, command->name,
                   (int)command->args_how, command->req_override);
            if (command->errmsg) {
                putchar('\t');
                print_escaped(command->errmsg);
            }
            putchar('\n');
        }
    }
    fflush(stdout);
    return OK;
}

static void register_hooks(apr_pool_t *pool)
{
    ap_hook_pre_config(dump_commands, NULL, NULL, APR_HOOK_REALLY_FIRST);
}

AP_DECLARE_MODULE(dump_commands) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks
};
