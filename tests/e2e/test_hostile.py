#!/usr/bin/python3
"""Files that are no specs, or were made to hurt: a clear error, soon, in little memory."""

import os
import resource
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402

GOOD = b"cmtest: 1\ngroups:\n  agents: { registrar: embedded, endpoints: 2 }\nduration: 1s\n"

CPU_SECONDS = 1
MEMORY_KIB = 64 * 1024
# A sanitizer has its own idea of memory, and takes its time.
SANITIZED_FACTOR = 10


def sanitized(path):
    """Whether the program was built with a sanitizer."""
    with open(path, "rb") as file:
        text = file.read()
    return b"__asan_init" in text or b"__tsan_init" in text or b"__ubsan_handle" in text


class HostileTest(program.ProgramTest):
    """Each refused by `validate` with exit code 3, one sentence at least, and within the limits."""

    def measure(self, path, **channels):
        """(exit code, stdout + stderr) of a validation; checks time and memory."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        child = subprocess.Popen(
            [self.program, "validate", path],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            **{"stdin": subprocess.DEVNULL, **channels},
        )
        try:
            output = child.communicate(timeout=program.HANGS)[0]
        finally:
            child.kill()
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = usage.ru_utime + usage.ru_stime - before.ru_utime - before.ru_stime
        slow = sanitized(self.program)
        self.assertLess(cpu, CPU_SECONDS * (SANITIZED_FACTOR if slow else 1))
        if not slow:
            self.assertLess(usage.ru_maxrss, MEMORY_KIB)
        return child.returncode, output.decode("utf-8", errors="strict")

    def refused(self, path, code, **channels):
        """The file is refused with an error of this code and nothing else."""
        status, output = self.measure(path, **channels)
        self.assertEqual(status, program.BAD_SPEC, output[:2000])
        self.assertIn(f"error[{code}]", output[:2000])
        self.assertLess(len(output), 100000)
        self.assertNotRegex(output, "[\x00-\x08\x0b-\x1f\x7f]")

    def refused_bytes(self, content, code):
        """The same of a file with this content."""
        path = os.path.join(self.folder, "hostile.yaml")
        with open(path, "wb") as file:
            file.write(content)
        self.refused(path, code)

    def accepted_bytes(self, content):
        """The file is valid."""
        path = os.path.join(self.folder, "strange.yaml")
        with open(path, "wb") as file:
            file.write(content)
        status, output = self.measure(path)
        self.assertEqual(status, program.PASS, output[:2000])

    def test_nesting_over_64_levels_is_too_deep(self):
        for opening, closing in ((b"[", b"]"), (b"{a: ", b"}"), (b"- ", b"")):
            self.refused_bytes(GOOD + b"x-a:\n  " + opening * 70 + b"1" + closing * 70, "too-deep")
        self.refused_bytes(b"x-a: " + b"[" * 500000, "too-deep")
        self.refused_bytes(b"x-a: " + b"{a: " * 200000, "too-deep")

    def test_more_than_one_mebibyte_is_too_large(self):
        self.refused_bytes(GOOD + b"#" * 2**20, "too-large")
        path = os.path.join(self.folder, "sparse.yaml")
        with open(path, "wb") as file:
            file.truncate(2**40)
        self.refused(path, "too-large")

    def test_alias_bombs_do_not_grow(self):
        bomb = b"x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for i in range(1, 12):
            name = f"a{i - 1}"
            bomb += f"x-{i}: &a{i} [{', '.join(['*' + name] * 9)}]\n".encode()
        self.accepted_bytes(bomb + GOOD)
        self.refused_bytes(bomb + GOOD + b"thresholds: *a11\n", "wrong-type")
        groups = b"x-g: &g { registrar: embedded, endpoints: 1 }\nx-m0: &m0 { a: *g }\n"
        for i in range(1, 20):
            groups += f"x-m{i}: &m{i} {{ <<: [*m{i - 1}, *m{i - 1}], k{i}: *m{i - 1} }}\n".encode()
        self.refused_bytes(groups + GOOD + b"registrars: *m19\n", "unknown-key")

    def test_many_aliases_of_a_long_list_are_counted(self):
        steps = b"x-l: &l [" + b"calls.success_rate >= 1%, " * 900 + b"]\n"
        entries = b"".join(b"  g%d: { registrar: embedded, endpoints: 1, audio: "
                           b"{ codecs: *l } }\n" % i for i in range(900))
        self.refused_bytes(b"cmtest: 1\nduration: 1s\n" + steps + b"groups:\n" + entries,
                           "out-of-range")

    def test_text_that_is_not_utf8_is_named(self):
        self.refused_bytes(GOOD + b"name: caf\xe9\n", "not-utf8")
        self.refused_bytes(GOOD + b"# \xc0\x80\n", "not-utf8")
        self.refused_bytes(b"\xff\xfe" + GOOD.decode().encode("utf-16-le"), "not-utf8")
        self.refused_bytes(bytes(range(0x80, 0x100)) * 2000, "not-utf8")

    def test_nul_is_named(self):
        self.refused_bytes(GOOD + b"name: a\x00b\n", "control-character")
        self.refused_bytes(b"\x00" * 2**20, "control-character")

    def test_crlf_and_a_byte_order_mark_are_no_faults(self):
        self.accepted_bytes(GOOD.replace(b"\n", b"\r\n"))
        self.accepted_bytes(b"\xef\xbb\xbf" + GOOD)
        self.accepted_bytes(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"))

    def test_tabs_are_named(self):
        self.refused_bytes(GOOD.replace(b"  agents", b"\tagents"), "tab")

    def test_duplicate_keys_and_several_documents_are_named(self):
        self.refused_bytes(GOOD + b"duration: 2s\n", "duplicate-key")
        self.refused_bytes(GOOD + b"---\n" + GOOD, "several-documents")
        self.refused_bytes(GOOD + b"---\n" * 200000, "several-documents")

    def test_nothing_is_an_empty_file(self):
        for content in (b"", b"\n" * 1000000, b"# a comment\n", b"\xef\xbb\xbf", b"---\n...\n"):
            self.refused_bytes(content, "empty-file")

    def test_many_keys_and_long_words_end_soon(self):
        keys = b"".join(b"k%d: 1\n" % i for i in range(90000))
        self.refused_bytes(keys, "too-many-values")
        self.refused_bytes(b"x-a:\n" + b"".join(b"  k%d: 1\n" % i for i in range(60000)),
                           "too-many-values")
        self.refused_bytes(GOOD + b"name: " + b"x" * 1000000 + b"\n", "too-long")
        self.refused_bytes(GOOD + b"x" * 1000000 + b": 1\n", "syntax")
        self.refused_bytes(GOOD + b'thresholds: ["' + b"x " * 500000 + b'"]\n', "too-long")
        self.refused_bytes(GOOD + b"thresholds:\n" + b"- x\n" * 1000, "unknown-metric")

    def test_more_endpoints_than_there_can_be_are_refused(self):
        groups = b"".join(b"  g%d: { registrar: embedded, endpoints: 100000 }\n" % i
                          for i in range(1000))
        self.refused_bytes(b"cmtest: 1\nduration: 1s\ngroups:\n" + groups, "too-many-endpoints")

    def test_variables_that_double_each_other_do_not_grow(self):
        bomb = b"vars:\n  v0: 0123456789\n"
        for i in range(1, 60):
            bomb += b"  v%d: ${vars.v%d}${vars.v%d}\n" % (i, i - 1, i - 1)
        self.refused_bytes(GOOD + bomb + b"name: ${vars.v59}\n", "too-long")

    def test_matrix_of_large_cases_ends_soon(self):
        axes = b"".join(b"  a%d: [1, 2]\n" % i for i in range(8))
        groups = b"groups:\n  g: { registrar: embedded, endpoints: 100000 }\n"
        self.refused_bytes(b"cmtest: 1\nduration: 1s\n" + groups + b"matrix:\n" + axes,
                           "too-many-endpoints")
        axes = b"".join(b"  a%d: [1, 2, 3, 4, 5, 6, 7, 8, 9]\n" % i for i in range(16))
        self.refused_bytes(b"cmtest: 1\nduration: 1s\n" + groups + b"matrix:\n" + axes,
                           "matrix-too-large")

    def test_includes_of_what_is_no_spec_are_refused(self):
        fifo = os.path.join(self.folder, "fifo")
        os.mkfifo(fifo)
        for path in ("/dev/zero", "fifo", ".", "/dev/stdin", "missing.yaml"):
            self.refused_bytes(GOOD + b"include: [" + path.encode() + b"]\n",
                               "include-not-found")
        self.refused_bytes(GOOD + b"include: hostile.yaml\n", "include-loop")

    def test_folders_and_devices_are_not_read(self):
        for path in (self.folder, "/proc"):
            status, output = self.measure(path)
            self.assertEqual(status, program.BAD_SPEC)
            self.assertIn("has no spec", output)
        for path in ("/dev/zero", "/dev/full", "/dev/tty", "/dev/null"):
            self.refused(path, "cannot-read")
        self.refused(os.path.join(self.folder, "not", "there.yaml"), "cannot-read")

    def test_fifo_without_a_writer_is_not_waited_for(self):
        path = os.path.join(self.folder, "fifo")
        os.mkfifo(path)
        self.refused(path, "cannot-read")

    def test_pipe_without_an_end_is_not_read_to_its_end(self):
        for path, code in (("-", "too-large"), ("/dev/stdin", "cannot-read")):
            endless = subprocess.Popen(["yes", "name: x"], stdout=subprocess.PIPE)
            try:
                self.refused(path, code, stdin=endless.stdout)
            finally:
                endless.stdout.close()
                endless.kill()
                endless.wait()

    def test_spec_on_standard_input_is_read(self):
        path = os.path.join(self.folder, "spec.yaml")
        with open(path, "wb") as file:
            file.write(GOOD)
        with open(path, "rb") as file:
            self.assertEqual(self.measure("-", stdin=file)[0], program.PASS)


if __name__ == "__main__":
    program.main()
