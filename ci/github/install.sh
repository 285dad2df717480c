#!/bin/bash
# Makes a cmtest and tells its path as the output "program".
#   INPUT_VERSION      a release, "installed", or empty: the source around this script
#   INPUT_SHA256       of the release's package; empty: its SHA256SUMS is asked
#   INPUT_REPOSITORY   OWNER/NAME of the releases
set -euo pipefail

die() {
    echo "::error title=cmtest was not installed::$*"
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"
}

fetch() {
    curl --fail --silent --show-error --location --retry 3 --output "$2" -- "$1" ||
        die "${1##*/} could not be downloaded; does the release exist?"
}

from_release() {
    local version=${INPUT_VERSION#v} folder name base sum
    [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+([-+~.][A-Za-z0-9.]+)?$ ]] ||
        die "version is neither a release, as 0.1.0, nor \"installed\", nor empty"
    [[ ${INPUT_REPOSITORY-} =~ ^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$ ]] ||
        die "repository is not OWNER/NAME"
    apt update
    command -v curl >/dev/null || apt install --no-install-recommends curl ca-certificates
    folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/cmtest.XXXXXX")
    name=cmtest_${version}_$(dpkg --print-architecture).deb
    base=${GITHUB_SERVER_URL:-https://github.com}/$INPUT_REPOSITORY/releases/download/v$version
    fetch "$base/$name" "$folder/$name"
    sum=${INPUT_SHA256-}
    if [ -z "$sum" ]; then
        fetch "$base/SHA256SUMS" "$folder/SHA256SUMS"
        sum=$(awk -v name="$name" '$2 == name || $2 == "*" name { print $1 }' "$folder/SHA256SUMS")
    fi
    [[ $sum =~ ^[0-9a-fA-F]{64}$ ]] || die "there is no SHA-256 for $name"
    echo "$sum  $folder/$name" | sha256sum --check --status ||
        die "$name is not what its SHA-256 says"
    # apt reads it as a user of its own.
    chmod 755 "$folder"
    apt install --no-install-recommends "$folder/$name"
    program=$(command -v cmtest) || die "the package was installed and has no cmtest"
}

from_source() {
    local source=$GITHUB_ACTION_PATH/../.. build=${RUNNER_TEMP:-/tmp}/cmtest-build
    [ -e "$source/CMakeLists.txt" ] || die "there is no source beside this action; name a version"
    as_root "$source/ci/setup" build
    cmake -S "$source" --preset release -B "$build" -DCMTEST_TESTS=OFF
    cmake --build "$build" --target cmtest
    program=$build/cmtest
}

case ${INPUT_VERSION-} in
installed) program=$(command -v cmtest) || die "no cmtest is on the PATH" ;;
"") from_source ;;
*) from_release ;;
esac
"$program" version
echo "program=$program" >>"$GITHUB_OUTPUT"
