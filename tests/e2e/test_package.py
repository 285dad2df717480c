#!/usr/bin/python3
"""The Debian package of the build under test: what is in it, and that it runs where it is put."""

import glob
import gzip
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402


class PackageTest(program.ProgramTest):
    """Builds it, and installs it into a folder."""

    def output(self, *argv):
        """What a program prints; it has to succeed."""
        done = subprocess.run(
            argv,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def package(self):
        """The path of a new package."""
        build = os.path.dirname(self.program)
        config = os.path.join(build, "CPackConfig.cmake")
        for name in ("cpack", "dpkg-deb", "dpkg-shlibdeps"):
            if not shutil.which(name):
                self.skipTest(f"{name} is not installed")
        if not os.path.exists(config):
            self.skipTest("the program is not in its build folder")
        # Into a folder of its own: nothing of what is tested is written to the build folder.
        self.output(
            "cpack", "--config", config, "-G", "DEB", "-B", os.path.join(self.folder, "cpack")
        )
        (path,) = glob.glob(os.path.join(self.folder, "cpack", "*.deb"))
        return path

    def field(self, package, name):
        """A field of its control file."""
        return self.output("dpkg-deb", "--field", package, name).strip()

    def version(self):
        """That of CMakeLists.txt."""
        with open(os.path.join(program.ROOT, "CMakeLists.txt"), encoding="utf-8") as file:
            return re.search(r"project\(cmtest VERSION ([0-9.]+)", file.read())[1]

    def test_package_has_its_version_its_libraries_and_everything_in_its_place(self):
        package = self.package()
        self.assertEqual(self.field(package, "Package"), "cmtest")
        self.assertEqual(self.field(package, "Version"), self.version())
        self.assertIn(f"cmtest_{self.version()}_", os.path.basename(package))
        depends = self.field(package, "Depends")
        for library in (
            "libc6",
            "libsofia-sip-ua0",
            "libssl3",
            "libyaml-0-2",
            "libsrtp2-1",
            "libopus0",
        ):
            self.assertRegex(depends, rf"(^|, ){library} \(|(^|, ){library}(,|$)")
        rows = [row.split() for row in self.output("dpkg-deb", "--contents", package).splitlines()]
        modes = {row[5][1:]: row[0] for row in rows}
        documents = "/usr/share/doc/cmtest"
        for path in (
            "/usr/share/man/man1/cmtest.1.gz",
            "/usr/share/bash-completion/completions/cmtest",
            "/usr/share/zsh/vendor-completions/_cmtest",
            "/usr/share/fish/vendor_completions.d/cmtest.fish",
            "/usr/share/cmtest/schema/cmtest.schema.json",
            "/usr/share/cmtest/schema/result.schema.json",
            f"{documents}/copyright",
            f"{documents}/changelog.gz",
            f"{documents}/CHANGELOG.md.gz",
            f"{documents}/README.md",
            f"{documents}/examples/quickstart.yaml",
            f"{documents}/examples/shared/accounts.txt",
        ):
            self.assertEqual(modes.get(path), "-rw-r--r--", path)
        self.assertEqual(modes["/usr/bin/cmtest"], "-rwxr-xr-x")
        for row in rows:
            self.assertEqual(row[1], "root/root", row)
            self.assertRegex(row[0], "^(drwxr-xr-x|-rw.r-.r-.|lrwxrwxrwx)$")

    def test_package_runs_from_a_fresh_root_and_finds_what_it_names(self):
        package = self.package()
        root = os.path.join(self.folder, "root")
        database = os.path.join(root, "var", "lib", "dpkg")
        for name in ("info", "updates"):
            os.makedirs(os.path.join(database, name))
        open(os.path.join(database, "status"), "w", encoding="utf-8").close()
        self.output(
            "dpkg",
            f"--root={root}",
            "--log=/dev/null",
            "--force-not-root,depends,bad-path",
            "--install",
            package,
        )
        installed = os.path.join(root, "usr", "bin", "cmtest")
        self.assertIn(self.version(), self.output(installed, "version"))
        examples = os.path.join(root, "usr", "share", "doc", "cmtest", "examples")
        run = self.output(
            installed, "run", os.path.join(examples, "01-first-call.yaml"), "--out", "out"
        )
        self.assertIn("PASS", run)
        for name in sorted(os.listdir(examples)):
            if not name.endswith(".yaml"):
                continue
            with open(os.path.join(examples, name), encoding="utf-8") as file:
                schema = re.search(r"\$schema=(\S+)", file.readline())
            if schema:
                self.assertTrue(os.path.isfile(os.path.join(examples, schema[1])), name)
        share = os.path.join(root, "usr", "share")
        for path, argument in (
            ("bash-completion/completions/cmtest", "bash"),
            ("zsh/vendor-completions/_cmtest", "zsh"),
            ("fish/vendor_completions.d/cmtest.fish", "fish"),
        ):
            with open(os.path.join(share, path), encoding="utf-8") as file:
                self.assertEqual(file.read(), self.output(installed, "completion", argument))
        with gzip.open(
            os.path.join(share, "man", "man1", "cmtest.1.gz"), "rt", encoding="utf-8"
        ) as file:
            self.assertEqual(file.read(), self.output(installed, "manual"))

    def test_package_is_clean_to_lintian(self):
        if not shutil.which("lintian"):
            self.skipTest("lintian is not installed")
        done = subprocess.run(
            ["lintian", "--fail-on", "none", "--no-cfg", self.package()],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=True,
        )
        # Only the preset "package" hardens.
        found = [row for row in done.stdout.splitlines() if " hardening-" not in row]
        self.assertEqual(found, [])


if __name__ == "__main__":
    program.main()
