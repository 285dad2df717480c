#!/bin/bash
# Runs the specs. Whatever comes of it is told as outputs, so that the steps behind it can report;
# verdict.sh makes the job fail.
#   INPUT_PROGRAM             cmtest
#   INPUT_SPEC                paths and patterns, one a line
#   INPUT_ARGS                words for `cmtest run`
#   INPUT_WORKING_DIRECTORY, INPUT_OUTPUT, INPUT_ANNOTATIONS
set -uo pipefail
shopt -s nullglob globstar

output() {
    local name=$1 value=$2 end
    end=end-$(cat /proc/sys/kernel/random/uuid)
    printf '%s<<%s\n%s\n%s\n' "$name" "$end" "$value" "$end" >>"$GITHUB_OUTPUT"
}

# Tells how it ended, and ends.
finish() {
    local code=$1 verdict=error
    case $code in
    0) verdict=pass ;;
    1) verdict=fail ;;
    5) verdict=inconclusive ;;
    130) verdict=interrupted ;;
    esac
    output exit-code "$code"
    output verdict "$verdict"
    exit 0
}

refuse() {
    echo "::error title=cmtest was not run::$*"
    finish 2
}

# The specs of INPUT_SPEC, in its order, each once.
find_specs() {
    local line path found IFS=
    local -A seen=()
    while read -r line || [ -n "$line" ]; do
        line=${line#"${line%%[![:space:]]*}"}
        line=${line%"${line##*[![:space:]]}"}
        [ -n "$line" ] || continue
        # shellcheck disable=SC2206 # it is a pattern; IFS is empty
        found=($line)
        # What is no pattern is for cmtest to miss.
        [[ $line == *[*?[]* ]] || found=("$line")
        [ ${#found[@]} -gt 0 ] || refuse "no spec matches a pattern of the input spec"
        for path in "${found[@]}"; do
            [ -n "${seen[$path]-}" ] || specs+=("$path")
            seen[$path]=1
        done
    done <<<"${INPUT_SPEC-}"
    [ ${#specs[@]} -gt 0 ] || refuse "the input spec is empty"
}

# Whether this cmtest, which may be older than this action, writes the format when asked to.
offers() {
    local help
    help=$("$INPUT_PROGRAM" help run)
    grep -q -- '--format' <<<"$help" && grep -q "^  $1 " <<<"$help"
}

# true or false; nothing when it is not known.
flaky() {
    sed -n 's/^flaky=\([0-9]*\)$/\1/p' "$pairs" | sed -e 's/^0$/false/' -e 's/^[1-9][0-9]*$/true/'
}

# Runs it so that a cancelled job still hangs up and writes its reports. What peers say may look
# like a command to the runner, which takes none until it reads the token.
run() {
    local token code again=no
    if offers github; then
        arguments+=(--format "github=$out/annotations.txt")
    fi
    if offers github-output; then
        arguments+=(--format "github-output=$pairs")
    fi
    token=$(cat /proc/sys/kernel/random/uuid)
    echo "::stop-commands::$token"
    "$INPUT_PROGRAM" run "${arguments[@]}" --out "$out" -- "${specs[@]}" &
    child=$!
    trap 'again=yes; kill -TERM "$child" 2>/dev/null' INT TERM
    # A signal ends the waiting, too.
    while :; do
        wait "$child"
        code=$?
        [ $again = yes ] || break
        again=no
    done
    trap - INT TERM
    echo "::$token::"
    return "$code"
}

# Paths of the reports of this run, in whatever depth cases have them; not those of an earlier one.
reports() {
    find "$out" -name "$1" -newer "$begin" -print 2>/dev/null | sort
}

mark() {
    local spec
    if [ "$1" -eq 3 ]; then
        for spec in "${specs[@]}"; do
            "$INPUT_PROGRAM" validate --format github -- "$spec" 2>/dev/null
        done
    elif [ -n "$(reports annotations.txt)" ]; then
        reports annotations.txt | xargs -d '\n' cat --
    fi
}

cd -- "${INPUT_WORKING_DIRECTORY:-.}" || refuse "the working directory is not there"
out=${INPUT_OUTPUT:-cmtest-out}
case $out in
/*) ;;
*) out=$PWD/$out ;;
esac
specs=()
find_specs
arguments=()
if [ -n "${INPUT_ARGS-}" ]; then
    words=$(mktemp)
    xargs -r printf '%s\0' <<<"$INPUT_ARGS" >"$words" 2>/dev/null ||
        refuse "the input args has a quote without its end"
    mapfile -d '' -t arguments <"$words"
    rm -f "$words"
fi

begin=$(mktemp)
pairs=$(mktemp)
run
code=$?
[ "${INPUT_ANNOTATIONS-}" != true ] || mark "$code"
if [ -n "$(reports junit.xml)$(reports result.json)" ]; then
    output folder "$out"
    output junit "$(reports junit.xml)"
    output html "$(reports report.html)"
    output json "$(reports result.json)"
    output summary "$(reports summary.md)"
    output flaky "$(flaky)"
fi
rm -f "$begin" "$pairs"
finish "$code"
