#!/bin/bash
# Ends with cmtest's exit code, behind all the steps that report.
#   INPUT_EXIT_CODE              empty: it was not run, and that is no pass
#   INPUT_VERDICT, INPUT_FAIL_ON_INCONCLUSIVE
set -euo pipefail

code=${INPUT_EXIT_CODE:-70}
echo "cmtest: ${INPUT_VERDICT:-not run} (exit code $code)"
if [ "$code" -eq 5 ] && [ "${INPUT_FAIL_ON_INCONCLUSIVE-}" = false ]; then
    echo "::warning title=cmtest is inconclusive::this runner was the limit"
    exit 0
fi
exit "$code"
