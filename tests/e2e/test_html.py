#!/usr/bin/python3
"""report.html in a browser: what its scripts make of it, in headless Chromium.

The reports are of runs that never happened (tests/report/html_sample.c), and of a real one.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import unittest

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import program  # noqa: E402

SPEC = """
cmtest: 1
name: browser
registrars: { embedded: {} }
groups:
  agents: { registrar: embedded, endpoints: 2 }
  callers: { registrar: embedded, endpoints: 2, call: agents }
duration: 3s
thresholds: [calls.asr >= 100%, receive.mos.p5 >= 3.5]
"""

# What the browser says of itself; what a page says has CONSOLE in it.
NOISE = ("--no-first-run", "--disable-background-networking", "--disable-component-update")

# What it asks for by itself, without any page.
OF_CHROMIUM = re.compile(
    rb"^[A-Z]+ (http://)?[a-z0-9.-]*\.(google|googleapis|gstatic)\.com[:/]"
)


@unittest.skipUnless(shutil.which("chromium"), "chromium is not installed")
class HtmlTest(program.ProgramTest):
    def sample(self, *arguments, path=None):
        """The path of a report."""
        path = path or os.path.join(self.folder, "report.html")
        command = [os.environ["CMTEST_HTML_SAMPLE"], arguments[0], path, *map(str, arguments[1:])]
        subprocess.run(command, check=True, timeout=120)
        return path

    def browse(self, path, *flags, where=""):
        """What Chromium prints, when no script failed and nothing was asked for."""
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", *NOISE]
        command += ["--enable-logging=stderr", "--virtual-time-budget=5000"]
        command += [f"--user-data-dir={self.folder}/profile", *flags, f"file://{path}{where}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
        self.assertEqual(said, [], "the page complains")
        return done.stdout

    def page(self, path, where=""):
        """The document after its scripts have run."""
        text = self.browse(path, "--dump-dom", "--window-size=1280,1000", where=where)
        self.assertIn('data-ready="yes"', text)
        return text[: text.index('<script type="application/json"')]

    def rows(self, page):
        """The names of the endpoints in the table, in order."""
        body = page[page.index('<tbody id="rows">') :]
        return re.findall(r'<td class="" title="([^"]+)"><a href="#/endpoint/\1', body) or re.findall(
            r'<tr aria-rowindex="\d+"[^>]*><td class="" title="([^"]+)"', body
        )

    def test_charts_are_drawn_and_nothing_is_asked_for(self):
        page = self.page(self.sample("many", 60, 20))
        self.assertGreaterEqual(page.count("<canvas"), 6)
        for key in ("receive.packet_loss", "receive.mos", "endpoints", "call_setup_time"):
            self.assertIn(f'data-chart="{key}"', page)
        # What failed is shown first.
        first = re.search(r'data-chart="([^"]+)"', page)[1]
        self.assertEqual(first, "receive.packet_loss")

    def counted(self, path, *flags, where=""):
        """How often Chromium asked a proxy for anything while it showed the file."""
        asked = []
        with socket.create_server(("127.0.0.1", 0)) as listener:

            def count():
                while True:
                    try:
                        peer = listener.accept()[0]
                    except OSError:
                        return
                    asked.append(peer.recv(200))
                    peer.close()

            thread = threading.Thread(target=count, daemon=True)
            thread.start()
            proxy = f"--proxy-server=http://127.0.0.1:{listener.getsockname()[1]}"
            try:
                self.browse(path, proxy, "--proxy-bypass-list=<-loopback>", "--dump-dom",
                            "--disable-sync", "--disable-default-apps", "--disable-extensions",
                            "--no-pings", *flags, where=where)
            finally:
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)
        return [each for each in asked if not OF_CHROMIUM.search(each)]

    def test_no_request_leaves_the_pages(self):
        path = self.sample("many", 20, 5)
        self.assertEqual(self.counted(path, where="#/endpoint/callers-2"), [])
        index = os.path.join(self.folder, "index.html")
        self.sample("index", path=index)
        self.assertEqual(self.counted(index), [])
        # The proxy counts what a page asks for.
        other = os.path.join(self.folder, "other.html")
        with open(other, "w", encoding="utf-8") as file:
            file.write('<img src="http://192.0.2.1/asked">')
        self.assertTrue(any(b"/asked" in each for each in self.counted(other)))

    def test_index_lists_what_is_no_pass_first_and_links_the_runs(self):
        index = os.path.join(self.folder, "index.html")
        self.sample("index", path=index)
        text = self.browse(index, "--dump-dom")
        heads = re.findall(r'<td><span class="verdict [a-z]+">([A-Z]+)', text)
        self.assertEqual(heads[-1], "PASS")
        self.assertIn("FLAKY", heads)
        self.assertIn('href="./2-codec%3Dopus/report.html"', text)
        self.assertNotIn("<script", text)

    def test_policy_lets_no_other_script_run(self):
        path = self.sample("busy")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        evil = '<script>document.documentElement.dataset.evil="1"</script><img src="http://x/">'
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("<footer>", evil + "<footer>"))
        with self.assertRaisesRegex(AssertionError, "Content Security Policy"):
            self.page(path)

    def test_table_sorts_filters_and_keeps_only_what_is_seen(self):
        path = self.sample("many", 600, 2)
        page = self.page(path, "#/endpoints?sort=-name")
        names = self.rows(page)
        self.assertEqual(names[:2], ["callers[599]", "callers[598]"])
        self.assertLess(len(names), 60)
        self.assertIn("1,200 of 1,200 endpoints", page)
        self.assertIn('aria-sort="descending"', page)
        page = self.page(path, "#/endpoints?outcome=CALL_FAILED&text=callers")
        self.assertEqual(self.rows(page)[0], "callers[11]")
        self.assertIn("16 of 1,200 endpoints", page)

    def test_endpoint_has_a_page_with_its_partner_ladder_and_messages(self):
        page = self.page(self.sample("busy"), "#/endpoint/callers-1")
        page = page[page.index('<main id="page"') :]
        self.assertIn('<svg class="ladder"', page)
        self.assertIn("486 Busy Here (INVITE)", page)
        self.assertIn("agents[1]", page)
        self.assertIn("Call-ID: 7f3c0003@example.com", page)
        self.assertIn("evidence/callers-1.txt", page)
        page = self.page(self.sample("many", 20, 5), "#/endpoint/callers-2")
        self.assertIn('data-chart="receive.mos"', page[page.index('<main id="page"') :])

    def test_hostile_names_are_text(self):
        path = self.sample("hostile")
        page = self.page(path)
        self.assertIn("hostile &lt;", page)
        self.page(path, "#/endpoint/nobody-%E0")
        self.page(path, "#/endpoints?sort=%E0&text=%27%22")

    def test_dark_screen_and_paper(self):
        path = self.sample("many", 20, 5)
        shot, paper = (os.path.join(self.folder, name) for name in ("dark.png", "paper.pdf"))
        self.browse(path, f"--screenshot={shot}", "--blink-settings=preferredColorScheme=0")
        self.browse(path, f"--print-to-pdf={paper}")
        self.assertGreater(os.path.getsize(shot), 20000)
        with open(paper, "rb") as file:
            self.assertEqual(file.read(5), b"%PDF-")

    def test_size_is_bounded(self):
        path = self.sample("many", 500, 60)
        self.assertLess(os.path.getsize(path), 2_000_000)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        data = json.loads(re.search(r'id="data">\n(.*?)\n</script>', text, re.S)[1])
        self.assertEqual(data["table"]["count"], 1000)
        self.assertEqual(len(data["details"]["endpoints"]), 64)

    def test_long_run_has_fewer_points_and_says_so(self):
        path = self.sample("many", 4, 900)
        self.assertLess(os.path.getsize(path), 600_000)
        self.assertIn("Each point is 5 s of all streams", self.page(path))

    def test_real_run_has_a_page(self):
        run = self.run_spec(SPEC)
        path = os.path.join(run.out, "report.html")
        page = self.page(path)
        self.assertIn('class="verdict v-pass"', page)
        self.assertGreaterEqual(page.count("<canvas"), 4)
        page = self.page(path, "#/endpoint/callers-0")
        self.assertIn('data-chart="receive.mos"', page[page.index('<main id="page"') :])


if __name__ == "__main__":
    program.main()
