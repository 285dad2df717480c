#!/bin/bash
# Appends the summary to that of the job, which GitHub drops when it is over 1 MiB.
#   INPUT_SUMMARY              paths, one a line; empty: there is none
#   INPUT_VERDICT, INPUT_EXIT_CODE
set -euo pipefail

limit=$((1024 * 1024 - 4096))

put() {
    local left size
    left=$((limit - $(stat -c %s "$GITHUB_STEP_SUMMARY")))
    size=$(stat -c %s "$1")
    if [ "$size" -le "$left" ]; then
        cat "$1" >>"$GITHUB_STEP_SUMMARY"
        return
    fi
    # Whole lines only.
    [ "$left" -le 0 ] || head -c "$left" "$1" | sed '$d' >>"$GITHUB_STEP_SUMMARY"
    printf '\n\nThe rest is over what GitHub shows; summary.md among the reports has all.\n' \
        >>"$GITHUB_STEP_SUMMARY"
    exit 0
}

touch "$GITHUB_STEP_SUMMARY"
if [ -z "${INPUT_SUMMARY-}" ]; then
    printf '### cmtest: %s\n\nThere is no summary; the log says why (exit code %s).\n' \
        "${INPUT_VERDICT:-not run}" "${INPUT_EXIT_CODE:-none}" >>"$GITHUB_STEP_SUMMARY"
    exit 0
fi
while IFS= read -r path; do
    put "$path"
    echo >>"$GITHUB_STEP_SUMMARY"
done <<<"$INPUT_SUMMARY"
