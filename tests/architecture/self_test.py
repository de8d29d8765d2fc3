"""Each check on a good sample and on a bad one: a check that can't fail guards nothing."""
import json
import os
import pathlib
import tempfile
import unittest

import headers
import includes
import sources
import tree

TABLE = includes.Table("""
# Rooms
## Include table
Words before it.
```include-table
# folder       floor  may include
core/base      0      boost/system/
core/base/log.cpp 0   spdlog/
core/json      1      simdjson.h
core/http      2
plugins/*      -      plugboard/
plugins/sql    -      sqlite3.h
plugins/oidc   -      plugins/jwt/
sdk/include    -      plugboard/ stddef.h
```
## After
""")


def include_faults(path, line):
    return includes.check(TABLE, {path: f"// first\n{line}\n"})


class IncludesTest(unittest.TestCase):
    def test_lets_pass_what_the_table_allows(self):
        for path, line in [
                ("core/json/a.cpp", '#include "core/json/b.hpp"'), ("core/json/a.cpp", '#include "core/base/b.hpp"'),
                ("core/json/a.cpp", "#include <simdjson.h>"), ("core/json/a.cpp", "#include <vector>"),
                ("core/base/a.hpp", "  #  include <boost/system/result.hpp>"), ("core/base/log.cpp", "#include <spdlog/logger.h>"),
                ("plugins/oidc/a.cpp", '#include "plugins/jwt/b.hpp"'),
                ("plugins/sql/a.cpp", '#include "plugins/sql/b.hpp"'), ("plugins/sql/a.cpp", "#include <plugboard/plugin.hpp>"),
                ("plugins/sql/test/a.cpp", "#include <sqlite3.h>"), ("sdk/include/plugboard/abi.h", "#include <stddef.h>"),
                ("core/json/a.cpp", '// #include "core/http/b.hpp"')]:
            self.assertEqual(include_faults(path, line), [], (path, line))

    def test_finds_each_sort_of_breach(self):
        for path, line, why in [
                ("core/base/a.cpp", '#include "core/json/b.hpp"', "floor 1, which is not below floor 0"),
                ("core/http/a.cpp", '#include "core/cli/b.hpp"', "a room that the table does not know"),
                ("core/http/a.cpp", "#include <simdjson.h>", "not in the table"),
                ("core/base/clock.cpp", "#include <spdlog/logger.h>", "not in the table"),
                ("core/json/a.cpp", "#include <unistd.h>", "not in the table"),
                ("core/json/a.cpp", '#include "b.hpp"', "not in the table"),
                ("core/json/a.cpp", '#include "../base/b.hpp"', "not in the table"),
                ("core/json/a.cpp", "#include <plugboard/abi.h>", "not in the table"),
                ("core/attic/a.cpp", "#include <vector>", "a folder that the table does not know"),
                ("plugins/sql/a.cpp", '#include "core/base/b.hpp"', "nothing in sdk/ and plugins/ may include"),
                ("plugins/sql/a.cpp", '#include "plugins/jwt/b.hpp"', "another plugin's"),
                ("plugins/jwt/a.cpp", "#include <sqlite3.h>", "not in the table"),
                ("sdk/include/plugboard/a.hpp", '#include "core/base/b.hpp"', "nothing in sdk/ and plugins/ may include")]:
            faults = include_faults(path, line)
            self.assertEqual(len(faults), 1, (path, line))
            self.assertIn(why, faults[0])
            self.assertTrue(faults[0].startswith(f"{path}:2: "), faults[0])

    def test_two_rooms_of_one_floor_do_not_know_each_other(self):
        table = includes.Table("## Include table\n```include-table\ncore/http 2\ncore/store 2\n```\n")
        self.assertEqual(len(includes.check(table, {"core/http/a.cpp": '#include "core/store/b.hpp"'})), 1)

    def test_a_table_must_be_there(self):
        with self.assertRaises(SystemExit):
            includes.Table("## Include table\nnothing\n## Other\n```include-table\ncore/base 0\n```\n")


class SourcesTest(unittest.TestCase):
    def test_finds_coroutines_but_not_their_names_in_words(self):
        for bad in ["co_await f();", "  co_return;", "co_yield 1;", "#include <coroutine>"]:
            self.assertEqual(sources.coroutines({"core/a.cpp": "\n" + bad}), ["core/a.cpp:2: coroutines are not used here"])
        good = '// co_await\n/* co_return\n co_yield */ auto s = "co_await"; auto r = R"x(co_await)" )x"; int co_awaiting;'
        self.assertEqual(sources.coroutines({"core/a.cpp": good}), [])

    def test_finds_notes_in_comments(self):
        self.assertEqual(len(sources.forgotten({"core/a.cpp": "int a; // TODO(now): b"})), 1)
        self.assertEqual(sources.forgotten({"core/a.cpp": "// TODO(perf): b"}), [])

    def test_finds_long_files(self):
        text = "int a;\n" * 401
        self.assertEqual(len(sources.long_files({"core/a.cpp": text}, {})), 1)
        self.assertEqual(sources.long_files({"core/a.cpp": text}, {"core/a.cpp": "generated"}), [])
        self.assertEqual(sources.long_files({"core/a.cpp": "int a;\n" * 400}, {}), [])

    def test_finds_catches_outside_the_list(self):
        bad = {"core/a.cpp": "void f() {\n try { g(); } catch (...) {}\n}"}
        self.assertIn("core/a.cpp:2: catch outside the roots", sources.catches(bad, {})[0])
        self.assertEqual(sources.catches(bad, {"core/a.cpp": "root of a thread"}), [])
        self.assertEqual(sources.catches({"core/a.cpp": "// we catch\nint catches; // catch"}, {}), [])

    def test_finds_clocks_and_random_devices(self):
        for bad in ["auto t = std::chrono::steady_clock::now();", "std::random_device r;", "::getrandom(p, 1, 0);"]:
            self.assertEqual(len(sources.own_sources({"core/http/a.cpp": bad}, {})), 1, bad)
        self.assertEqual(sources.own_sources({"core/a.cpp": "std::chrono::steady_clock::time_point t;"}, {}), [])

    def test_exceptions_that_excuse_nothing_are_faults(self):
        self.assertIn("catches no more", sources.catches({"core/a.cpp": "int a;"}, {"core/a.cpp": "root"})[0])
        self.assertIn("no reason", sources.catches({"core/a.cpp": "try {} catch (...) {}"}, {"core/a.cpp": ""})[0])

    def test_reads_lists(self):
        self.assertEqual(sources.listed("# comment\n\ncore/a.cpp  root of a thread\ncore/b.cpp\n"),
                         {"core/a.cpp": "root of a thread", "core/b.cpp": ""})


class TreeTest(unittest.TestCase):
    def test_code_keeps_its_line_numbers(self):
        self.assertEqual(tree.lines_with("here", tree.code_of('/* a\n here */ "here" // here\n\'"\' here 1\'000\'000 here')), [3])

    def test_finds_every_source(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ["core/base/a.cpp", "core/base/README.md", "sdk/include/x/b.h", "plugins/p/c.hpp", "tests/d.cpp"]:
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("")
            self.assertEqual(tree.files(folder), ["core/base/a.cpp", "plugins/p/c.hpp", "sdk/include/x/b.h"])


class HeadersTest(unittest.TestCase):
    def faults(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return headers.check(list(headers.jobs(folder, folder, os.environ.get("CXX", "c++"), os.environ.get("CC", "cc"))))

    def test_a_header_that_brings_what_it_needs_passes(self):
        self.assertEqual(self.faults({"core/base/a.hpp": "#pragma once\n#include <string>\nstruct A { std::string s; };\n",
                                      "core/json/b.hpp": '#pragma once\n#include "core/base/a.hpp"\nstruct B : A {};\n',
                                      "sdk/include/plugboard/abi.h": "#ifndef A_H\n#define A_H\ntypedef struct a { int b; } a;\n#endif\n"}), [])

    def test_a_header_that_leans_on_its_includer_fails(self):
        self.assertIn("core/base/a.hpp does not compile alone", self.faults({"core/base/a.hpp": "#pragma once\nstruct A { std::string s; };\n"})[0])

    def test_a_header_that_the_build_compiles_first_is_left_out(self):
        with tempfile.TemporaryDirectory() as folder:
            room = pathlib.Path(folder, "core", "base")
            room.mkdir(parents=True)
            room.joinpath("a.hpp").write_text("#pragma once\n")
            for line, expected in [('#include "core/base/a.hpp"\n#include <string>\n', 0), ('#include <string>\n#include "core/base/a.hpp"\n', 1)]:
                room.joinpath("a.cpp").write_text(line)
                commands = [{"file": f"{folder}/core/base/a.cpp", "command": "c++ -c a.cpp"}]
                pathlib.Path(folder, "compile_commands.json").write_text(json.dumps(commands))
                self.assertEqual(len(list(headers.jobs(folder, folder, "c++", "cc"))), expected)
            room.joinpath("a.hpp").write_text("struct A {};\n")
            room.joinpath("a.cpp").write_text('#include "core/base/a.hpp"\n')
            self.assertEqual(len(list(headers.jobs(folder, folder, "c++", "cc"))), 1)

    def test_a_header_without_a_guard_fails(self):
        self.assertEqual(len(self.faults({"core/base/a.hpp": "struct A {};\n"})), 1)

    def test_the_abi_must_be_c(self):
        bad = "#ifndef A_H\n#define A_H\nstruct a { int b; };\na f();\n#endif\n"
        self.assertIn("-std=c11", self.faults({"sdk/include/plugboard/abi.h": bad})[0])


if __name__ == "__main__":
    unittest.main()
