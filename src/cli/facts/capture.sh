#!/bin/sh
# Asks the httpd of this machine what it is, and writes the answers as one text for
# `httpd-lint check --facts`. It needs no root, starts no server and changes nothing: it runs
# `httpd -V`, `-l`, `-M` and `-t`, the latter also with two lines of its own in a private folder.
#
# Usage: sh capture.sh [HTTPD] >web01.txt
#
# Only lines of a known form are written. The values of variables and of `Define` are written only
# where they cannot be a secret. A tool that is missing leaves a gap, and the last section but one
# lists the gaps.
#
# It runs under dash, bash, ksh and busybox. This is the output of `httpd-lint facts script`.
set -u

# How long one question may take, in seconds, and how long its answer may be, in blocks of 512
# bytes.
limit=${HTTPD_LINT_LIMIT:-10}
blocks=2048
# What a server finds when the machine starts it.
plain_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

gaps=
work=
httpd=
envvars=
answer=

have() { command -v "$1" >/dev/null 2>&1; }
say() { printf '%s\n' "$*"; }
heading() { printf '\n=== %s ===\n' "$*"; }
gap() {
    gaps="$gaps$*
"
}

# Prints what a file holds; `cat` may be missing.
show() {
    while IFS= read -r shown || [ -n "$shown" ]; do say "$shown"; done <"$1"
}

# Runs a command with a plain environment, and kills it when it takes too long.
run() {
    if have env; then set -- env -i PATH="$plain_path" LC_ALL=C "$@"; fi
    (
        ulimit -f "$blocks"
        cd "${work:-/}" && exec "$@"
    ) </dev/null 2>&1 &
    asked=$!
    if ! have sleep; then
        wait "$asked" 2>/dev/null
        return
    fi
    (
        sleep "$limit" &
        nap=$!
        trap 'kill "$nap"; exit' TERM
        wait "$nap"
        kill -KILL "$asked"
    ) >/dev/null 2>&1 &
    watch=$!
    wait "$asked" 2>/dev/null
    status=$?
    kill "$watch" 2>/dev/null
    return "$status"
}

# Runs a command in the environment that httpd is started with; its output is in $answer.
# shellcheck disable=SC2016 # the inner shell expands it
ask() {
    set -- /bin/sh -c '[ ! -r "$0" ] || . "$0" >/dev/null 2>&1; exec "$@"' "$envvars" "$@"
    if [ -n "$work" ]; then
        run "$@" >"$work/answer"
        status=$?
        answer=$(show "$work/answer")
    else
        answer=$(run "$@")
        status=$?
    fi
    [ "$status" -ne 137 ] || gap "\`$5 ${6:-}\` did not end within $limit seconds and was killed"
}

# Why httpd refused to answer: the place only, because its message may quote a secret.
refusal() {
    case $answer in
        *'Syntax error on line '*' of '*)
            refusal=${answer#*Syntax error on line }
            refusal=${refusal%%:*}
            refusal=${refusal%%
*}
            gap "\`httpd $1\`: syntax error on line $refusal"
            ;;
        *) gap "\`httpd $1\`: no answer" ;;
    esac
}

# Whether the value of a variable may be told: by its name, and by its characters.
harmless() {
    case $1 in
        *[Aa][Uu][Tt][Hh]* | *[Cc][Rr][Ee][Dd]* | *[Kk][Ee][Yy]* | *[Pp][Aa][Ss][Ss]*) return 1 ;;
        *[Pp][Rr][Ii][Vv][Aa][Tt][Ee]* | *[Pp][Ww][Dd]* | *[Ss][Aa][Ll][Tt]*) return 1 ;;
        *[Ss][Ee][Cc][Rr][Ee][Tt]* | *[Ss][Ii][Gg][Nn][Aa][Tt][Uu][Rr][Ee]*) return 1 ;;
        *[Tt][Oo][Kk][Ee][Nn]*) return 1 ;;
        APACHE_ULIMIT_MAX_FILES | LANG | LANGUAGE | LC_ALL | LD_LIBRARY_PATH) ;;
        PATH | PYTHONPATH | SUFFIX | TZ) ;;
        *_CONFDIR | *_DIR | *_FILE | *_GROUP | *_HOME | *_HOST | *_PORT | *_ROOT | *_USER) ;;
        *HOME | *TMPDIR) ;;
        *) return 1 ;;
    esac
    case $2 in
        *[!\ A-Za-z0-9_./:,+-]*) return 1 ;;
    esac
}

# The sections. Each prints the lines of $answer that it knows.

version_lines() {
    say "$answer" | while IFS= read -r line; do
        case $line in
            'Server '* | "Server's "* | 'Compiled using:'* | 'Architecture:'* | '  threaded:'*) say "$line" ;;
            '    forked:'* | ' -D '*) say "$line" ;;
        esac
    done
}

list_lines() {
    say "$answer" | while IFS= read -r line; do
        case $line in
            "$1") say "$line" ;;
            *[!\ A-Za-z0-9_.\(\)-]*) ;;
            '  '*.c | '  '*.cpp | ' '*'_module ('*')') say "$line" ;;
        esac
    done
}

run_configuration_lines() {
    say "$answer" | while IFS= read -r line; do
        case $line in
            'Main ErrorLog: "|'*) say 'Main ErrorLog: "|"' ;;
            'ServerRoot: "'* | 'Main DocumentRoot: "'* | 'Main ErrorLog: "'*) say "$line" ;;
            'ScoreBoardFile: "'* | 'PidFile: "'* | 'ChrootDir: "'*) say "$line" ;;
            'Mutex '*': '* | 'User: name="'* | 'Group: name="'*) say "$line" ;;
            'Define: '*'='*)
                name=${line#Define: }
                value=${name#*=}
                name=${name%%=*}
                if harmless "$name" "$value"; then
                    say "$line"
                else
                    say "Define: $name (value withheld)"
                fi
                ;;
            'Define: '*) say "$line" ;;
        esac
    done
}

mutex_lines() {
    say "$answer" | while IFS= read -r line; do
        case $line in
            *'Mutex mechanisms are: '*) say "Invalid Mutex argument xxx (Mutex mechanisms are: ${line##*Mutex mechanisms are: }" ;;
            *'accept mutex mechanisms for this platform are: '*)
                say "Accept mutex lock mechanism 'xxx' is invalid. Valid accept mutex mechanisms for this platform are: ${line##*platform are: }"
                ;;
        esac
    done
}

# The text behind `-D NAME=` in the answer to -V.
defined() {
    case $version in
        *"-D $1=\""*)
            defined=${version#*-D "$1"=\"}
            say "${defined%%\"*}"
            ;;
    esac
}

# Asks a program for -V; whether it is an httpd.
is_httpd() {
    case $1 in
        /*) ;;
        */*) set -- "$PWD/$1" ;;
        *) return 1 ;;
    esac
    [ -x "$1" ] && [ ! -d "$1" ] || return 1
    ask "$1" -V
    case $answer in
        *'Server version: Apache/'*) ;;
        *) return 1 ;;
    esac
    httpd=$1
    version=$answer
}

find_httpd() {
    if [ -n "$1" ]; then
        is_httpd "$(command -v "$1")" || gap "\`$1 -V\` answers nothing that httpd would"
        return
    fi
    for name in httpd apache2; do
        if have "$name" && is_httpd "$(command -v "$name")"; then return; fi
    done
    for candidate in /usr/sbin/httpd /usr/sbin/apache2 /opt/homebrew/bin/httpd \
        /usr/local/bin/httpd /usr/local/sbin/httpd /usr/local/apache2/bin/httpd; do
        if is_httpd "$candidate"; then return; fi
    done
    for name in apachectl apache2ctl; do
        if have "$name" && is_httpd "$(command -v "$name")"; then return; fi
    done
    gap 'no httpd was found; call this script with its path'
}

# Debian's httpd knows its configuration only with the variables of envvars, which lie beside it;
# others have the file beside the program.
find_environment() {
    for file in "$(defined HTTPD_ROOT)/envvars" "${httpd%/*}/envvars"; do
        if [ -f "$file" ] && [ -r "$file" ]; then
            envvars=$file
            ask "$httpd" -V
            version=$answer
            return
        fi
    done
}

environment_lines() {
    say "$answer" | while IFS= read -r line; do
        name=${line%%=*}
        value=${line#*=}
        case $name in
            '' | *[!A-Za-z0-9_]* | [0-9]*) continue ;;
            _ | LC_ALL | OLDPWD | PATH | PWD | SHLVL) continue ;;
        esac
        if [ "$name" != "$line" ] && harmless "$name" "$value"; then
            say "$line"
        else
            say "$name"
        fi
    done
}

environment() {
    [ -n "$envvars" ] || return
    if ! have awk; then
        gap 'the environment: there is no awk'
        return
    fi
    # A value of several lines is none that would be told.
    ask awk 'BEGIN {
        for (name in ENVIRON) {
            value = ENVIRON[name]
            if (value ~ /^[- A-Za-z0-9_.\/:,+]*$/) print name "=" value; else print name
        }
    }'
    if have sort; then answer=$(say "$answer" | sort); fi
    heading environment
    environment_lines
}

# The directories of this httpd's modules, one on each line.
module_directories() {
    suexec=$(defined SUEXEC_BIN)
    prefix=${httpd%/*}
    found=
    for base in "$(defined HTTPD_ROOT)" "${suexec%/*}" "${prefix%/*}"; do
        [ -n "$base" ] || continue
        for below in modules lib/httpd/modules lib64/httpd/modules lib/apache2/modules \
            lib/apache2 lib64/apache2 libexec/apache2 libexec/apache24; do
            module_directory "$base/$below"
        done
    done
    [ -z "$libexec" ] || module_directory "$libexec"
}

# One that has modules and was not found by another name.
module_directory() {
    [ -d "$1" ] || return
    for file in "$1"/mod_*.so; do
        [ -f "$file" ] || return
        break
    done
    real=$(cd -P "$1" 2>/dev/null && pwd) || return
    case $found in
        *"
$real
"*) return ;;
    esac
    found="$found
$real
"
    say "$1"
}

module_files() {
    heading modules
    for directory in $1; do
        say "$directory:"
        for file in "$directory"/*; do
            name=${file##*/}
            case $name in
                *[!A-Za-z0-9_.+-]*) continue ;;
            esac
            if [ -h "$file" ] && have readlink; then
                say "$name -> $(readlink "$file")"
            else
                say "$name"
            fi
        done
    done
}

# Refuses a mutex in a configuration of our own; the first argument loads what it needs.
refuse() {
    say "$1" >"$work/httpd.conf"
    ask "$httpd" -t -d "$work" -f "$work/httpd.conf"
    mutex_lines
}

# The line that loads the MPM that this httpd uses, or else any; none where one is compiled in.
load_mpm() {
    case $compiled in
        *' event.c'* | *' worker.c'* | *' prefork.c'*) return ;;
    esac
    used=${version#*Server MPM:}
    [ "$used" != "$version" ] || used=
    used=${used%%
*}
    for name in $used event worker prefork; do
        for directory in $1; do
            if [ -f "$directory/mod_mpm_$name.so" ]; then
                say "LoadModule mpm_${name}_module \"$directory/mod_mpm_$name.so\""
                return
            fi
        done
    done
    return 1
}

mutex_mechanisms() {
    if [ -z "$work" ]; then
        gap 'the mutex mechanisms: no temporary folder can be made'
        return
    fi
    if ! mpm=$(load_mpm "$1"); then
        gap 'the mutex mechanisms: no MPM is compiled in, and none was found'
        return
    fi
    refused=$(refuse "$mpm
Mutex xxx default")
    if [ -n "$wsgi" ]; then
        refused="$refused
$(refuse "$mpm
LoadModule wsgi_module \"$wsgi\"
WSGIAcceptMutex xxx")"
    fi
    heading httpd -t
    say "$refused"
    case $refused in
        *'Mutex mechanisms are'*) ;;
        *) gap 'the mutex mechanisms: httpd refused something else' ;;
    esac
}

# The apxs beside httpd, or one that says it belongs to an httpd of this name and version.
find_apxs() {
    apxs=${httpd%/*}/apxs
    [ ! -x "$apxs" ] || return 0
    for apxs in "$(command -v apxs)" "$(command -v apxs2)"; do
        [ -n "$apxs" ] || continue
        ask "$apxs" -q progname
        [ "$answer" = "${httpd##*/}" ] || continue
        ask "$apxs" -q HTTPD_VERSION
        case $version in
            *"Server version: Apache/$answer "*) return ;;
        esac
    done
    return 1
}

apxs_variables() {
    if ! find_apxs; then
        gap 'no apxs of this httpd was found'
        return
    fi
    heading apxs -q
    for name in progname HTTPD_VERSION HTTPD_MMN exp_sysconfdir exp_libexecdir exp_sbindir \
        exp_bindir exp_includedir exp_installbuilddir exp_logfiledir exp_runtimedir APR_VERSION \
        APU_VERSION; do
        ask "$apxs" -q "$name"
        [ "$status" -eq 0 ] || continue
        case $answer in
            '' | *[!\ A-Za-z0-9_./:,+-]*) continue ;;
        esac
        say "$name=$answer"
        case $name in
            exp_installbuilddir) build=$answer ;;
            exp_libexecdir) libexec=$answer ;;
        esac
    done
}

config_nice() {
    for directory in "$build" "${httpd%/*}/../build" "$(defined HTTPD_ROOT)/build"; do
        if [ -f "$directory/config.nice" ] && [ -r "$directory/config.nice" ]; then
            heading config.nice
            while IFS= read -r line; do
                case $line in
                    *://*@* | *[Aa][Uu][Tt][Hh]*=* | *[Kk][Ee][Yy]*=* | *[Pp][Aa][Ss][Ss]*=* | \
                        *[Ss][Ee][Cc][Rr][Ee][Tt]*=* | *[Tt][Oo][Kk][Ee][Nn]*=*)
                        gap 'config.nice: a line that may hold a secret was left out'
                        ;;
                    *) say "$line" ;;
                esac
            done <"$directory/config.nice"
            return
        fi
    done
    gap 'config.nice: this build has none'
}

find_wsgi() {
    for directory in $1; do
        for file in "$directory"/mod_wsgi.so "$directory"/mod_wsgi*.so; do
            if [ -f "$file" ]; then
                say "$file"
                return
            fi
        done
    done
}

wsgi_module() {
    heading mod_wsgi
    say "file=$wsgi"
    # mod_wsgi puts its version into the pattern of its part of the banner. Compilers keep the one in
    # front of the other.
    version=
    if have tr && have sed; then
        version=$(LC_ALL=C tr '\000' '\n' <"$wsgi" | LC_ALL=C sed -n '/^mod_wsgi\/%s$/{x;p;q;};h')
    fi
    case $version in
        [0-9]*.*[0-9]) say "version=$version" ;;
        *) gap 'the version of mod_wsgi: its file does not show it' ;;
    esac
    needed=
    if have readelf; then
        ask readelf -d "$wsgi"
        needed=$(say "$answer" | while IFS= read -r line; do
            case $line in
                *'(NEEDED)'*'['*']'*)
                    line=${line#*\[}
                    say "${line%%\]*}"
                    ;;
            esac
        done)
    elif have objdump; then
        ask objdump -p "$wsgi"
        needed=$(say "$answer" | while read -r word library; do
            [ "$word" != NEEDED ] || say "$library"
        done)
    else
        gap 'the libraries of mod_wsgi: there is neither readelf nor objdump'
    fi
    for library in $needed; do say "needed=$library"; done
    if have ldd; then
        ask ldd "$wsgi"
        say "$answer" | while read -r library arrow file rest; do
            case "$library $arrow $file" in
                'libpython'*' => /'*) say "libpython=$file" ;;
            esac
        done
    else
        gap 'the libpython of mod_wsgi: there is no ldd'
    fi
}

# The Python of mod_wsgi's version that a server finds.
python() {
    case $needed in
        *libpython[0-9]*) ;;
        *)
            gap 'Python: mod_wsgi does not say which one it needs'
            return
            ;;
    esac
    minor=${needed#*libpython}
    minor=${minor%%.so*}
    program=$(PATH=$plain_path && command -v "python${minor%%[!0-9.]*}")
    if [ -z "$program" ]; then
        gap "Python: there is no \`python$minor\` on the path of a server"
        return
    fi
    ask "$program" -I -c 'import sys
print("version=" + sys.version.split()[0])
print("prefix=" + sys.prefix)'
    heading python
    say "executable=$program"
    say "$answer" | while IFS= read -r line; do
        case $line in
            version=* | prefix=*) say "$line" ;;
        esac
    done
}

system() {
    heading date
    if have date; then date -u +%Y-%m-%dT%H:%M:%SZ; else gap 'the date: there is no date'; fi
    heading uname
    if have uname; then
        say "sysname=$(uname -s)"
        say "nodename=$(uname -n)"
        say "release=$(uname -r)"
        say "machine=$(uname -m)"
    else
        gap 'the system: there is no uname'
    fi
    [ -r /etc/os-release ] || return
    heading os-release
    while IFS= read -r line; do
        case $line in
            ID=* | VERSION_ID=*)
                value=${line#*=}
                value=${value#\"}
                say "${line%%=*}=${value%\"}"
                ;;
        esac
    done </etc/os-release
}

server() {
    heading program
    say "$httpd"
    find_environment
    environment
    heading httpd -V
    answer=$version
    version_lines
    case $version in
        *'Server MPM:'*[a-zA-Z]*'
Server compiled'*) ;;
        *) refusal -V ;;
    esac
    ask "$httpd" -l
    compiled=$answer
    heading httpd -l
    list_lines 'Compiled in modules:'
    ask "$httpd" -M
    case $answer in
        *'Loaded Modules:'*)
            heading httpd -M
            list_lines 'Loaded Modules:'
            ;;
        *) refusal -M ;;
    esac
    ask "$httpd" -t -D DUMP_RUN_CFG
    case $answer in
        *'ServerRoot: "'*)
            heading httpd -t -D DUMP_RUN_CFG
            run_configuration_lines
            ;;
        *) refusal '-t -D DUMP_RUN_CFG' ;;
    esac
    apxs_variables
    config_nice
    directories=$(module_directories)
    wsgi=$(find_wsgi "$directories")
    mutex_mechanisms "$directories"
    module_files "$directories"
    if [ -n "$wsgi" ]; then
        wsgi_module
        python
    fi
}

build=
libexec=
# Without rm it would stay.
if ! have rm; then
    work=
elif have mktemp; then
    work=$(mktemp -d "${TMPDIR:-/tmp}/httpd-lint.XXXXXX") || work=
elif have mkdir; then
    work=${TMPDIR:-/tmp}/httpd-lint.$$
    (umask 077 && mkdir "$work") 2>/dev/null || work=
fi
trap '[ -z "$work" ] || rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

say '=== httpd-lint capture 1 ==='
say 'Names without a value have one that may be a secret.'
system
find_httpd "${1:-}"
[ -z "$httpd" ] || server
if [ -n "$gaps" ]; then
    heading gaps
    printf '%s' "$gaps"
fi
heading end
