#!/usr/bin/env bash
# Times `httpd-lint check` against `apache2 -t` on the same generated trees, in turns, so that
# whatever else the machine does hits both alike.
#
# Usage: benches/paired.sh [SITES]...        default: 1 100 1000 10000
# Environment: ROUNDS (default 11), LINT (a binary; default: built from here), TREES (a folder that
# keeps the trees between runs), FACTS (default debian-12).
#
# Prints, for each tree and command, min, median and max of the wall time in milliseconds, the ratio
# of the medians, and the peak memory in bytes per line of configuration, over what the program takes
# to say its version. Memory needs GNU time.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rounds=${ROUNDS:-11}
facts=${FACTS:-debian-12}
sizes=("$@")
[ $# -gt 0 ] || sizes=(1 100 1000 10000)

server_program=$(command -v apache2) || { echo 'paired.sh: there is no apache2: run tests/setup' >&2; exit 2; }

if [ -n "${TREES:-}" ]; then
    trees=$TREES
    mkdir -p "$trees"
else
    trees=$(mktemp -d)
    trap 'rm -rf "$trees"' EXIT
fi

if [ -n "${LINT:-}" ]; then
    lint=$LINT
else
    cargo build --quiet --release
    lint=${CARGO_TARGET_DIR:-target}/release/httpd-lint
fi

# Runs a command with an empty environment. `env -i` would be a program of its own, which takes as
# long to start as a small configuration takes to check.
bare() { (exec -c "$@"); }

# Microseconds of one run.
timed() {
    local begin=${EPOCHREALTIME/./}
    # Writing a file anew makes some file systems wait for the disk.
    bare "$@" >/dev/null 2>&1 || true
    echo $((${EPOCHREALTIME/./} - begin))
}

# Peak memory of one run in kilobytes, or nothing.
peak() {
    [ -x /usr/bin/time ] || return 0
    bare /usr/bin/time --quiet --format %M --output "$trees/peak" "$@" >/dev/null 2>&1 || true
    tail -n 1 "$trees/peak"
}

# Bytes per line from two peaks in kilobytes and a number of lines.
per_line() {
    if [ -z "$1" ]; then echo -; else echo $((($1 - $2) * 1024 / $3)); fi
}

# min, median and max of the numbers on stdin, in milliseconds.
spread() {
    sort -n | awk '{ v[NR] = $1 / 1000 }
        END { m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
              printf "%.2f %.2f %.2f", v[1], m, v[NR] }'
}

row() { printf '%8s  %-10s %10s %10s %10s %8s %12s\n' "$@"; }

row sites command 'min ms' 'median ms' 'max ms' ratio 'bytes/line'
for sites in "${sizes[@]}"; do
    tree=$trees/$sites
    [ -d "$tree" ] || cargo bench --quiet --bench generate -- "$sites" "$tree" >/dev/null
    main=$tree/apache2.conf
    lines=$(find "$tree" -name '*.conf' -o -name '*.load' -o -name '*.inc' | xargs -d '\n' cat | wc -l)

    server=("$server_program" -t -d "$tree" -f "$main")
    linter=("$lint" check "$main" --host --server-root "$tree" --facts "$facts" --fail-on error)
    for command in server linter; do
        declare -n words=$command
        # Also the warm-up: what is compared must be accepted by both.
        bare "${words[@]}" >"$trees/output" 2>&1 || { echo "paired.sh: ${words[0]} refuses $main:" >&2; head -n 5 "$trees/output" >&2; exit 1; }
    done

    server_times=() linter_times=()
    for ((round = 0; round < rounds; round++)); do
        server_times+=("$(timed "${server[@]}")")
        linter_times+=("$(timed "${linter[@]}")")
    done
    read -r s_min s_median s_max <<<"$(printf '%s\n' "${server_times[@]}" | spread)"
    read -r l_min l_median l_max <<<"$(printf '%s\n' "${linter_times[@]}" | spread)"
    ratio=$(awk -v a="$l_median" -v b="$s_median" 'BEGIN { printf "%.3f", a / b }')
    server_memory=$(per_line "$(peak "${server[@]}")" "$(peak "$server_program" -v)" "$lines")
    linter_memory=$(per_line "$(peak "${linter[@]}")" "$(peak "$lint" --version)" "$lines")

    row "$sites" 'apache2 -t' "$s_min" "$s_median" "$s_max" 1 "$server_memory"
    row "$sites" httpd-lint "$l_min" "$l_median" "$l_max" "$ratio" "$linter_memory"
done
