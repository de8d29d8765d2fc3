#include "tests/reliability/edge/framing_mutations.hpp"

#include "tests/reliability/edge/answers.hpp"
#include "tests/support/hub_config.hpp"

#include <algorithm>
#include <cstdio>

namespace plugboard::test {

namespace {

struct Chunk {
  std::string size, after_size = "\r\n", data, after_data = "\r\n";
};

struct Parts { // of a request, each line with its end
  std::string before, first = "POST /v1/context HTTP/1.1\r\n";
  std::vector<std::string> fields;
  bool chunked = false;
  std::string length, coding = "chunked", body;
  std::vector<Chunk> chunks; // the last one is empty
  std::string trailers = "\r\n";
};

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t bound) {
  return random() % bound;
}

template <class T>
const T& one_of(Random& random, const std::vector<T>& many) {
  return many[below(random, many.size())];
}

std::string hex(std::size_t number) {
  char text[20];
  std::snprintf(text, sizeof text, "%zx", number);
  return text;
}

std::vector<Chunk> chunks_of(Random& random, std::string_view body) {
  std::vector<Chunk> chunks;
  while (!body.empty()) {
    const auto size = std::min<std::size_t>(body.size(), 1 + below(random, 40));
    chunks.push_back({hex(size), "\r\n", std::string(body.substr(0, size)), "\r\n"});
    body.remove_prefix(size);
  }
  chunks.push_back({"0", "\r\n", "", ""});
  return chunks;
}

std::string joined(const Parts& parts) {
  auto bytes = parts.before + parts.first;
  for (const auto& field : parts.fields) bytes += field;
  bytes += "\r\n";
  if (!parts.chunked) return bytes + parts.body;
  for (const auto& chunk : parts.chunks) bytes += chunk.size + chunk.after_size + chunk.data + chunk.after_data;
  return bytes + parts.trailers;
}

std::string& framing_field(Parts& parts) { // the one that says the body's length; always there
  return *std::find_if(parts.fields.begin(), parts.fields.end(), [](std::string field) {
    for (auto& c : field) c = static_cast<char>(std::tolower(c));
    return field.starts_with("content-length:") || field.starts_with("transfer-encoding:");
  });
}

void reframe(Parts& parts) {
  framing_field(parts) =
      parts.chunked ? "Transfer-Encoding: " + parts.coding + "\r\n" : "Content-Length: " + parts.length + "\r\n";
}

void insert(Random& random, std::string& line, const std::string& bytes) { // somewhere before its end
  line.insert(below(random, line.size() - 1), bytes);
}

struct Step {
  const char* name;
  void (*change)(Random&, Parts&);
  bool only_chunked = false;
};

void any_case(Random& random, Parts& parts) {
  auto& field = framing_field(parts);
  for (std::size_t i = 0; field[i] != ':'; ++i)
    if (below(random, 2)) field[i] = static_cast<char>(std::isalpha(field[i]) ? field[i] ^ 0x20 : field[i]);
}

void insert_field(Random& random, Parts& parts, const std::string& field) {
  parts.fields.insert(parts.fields.begin() + static_cast<long>(below(random, parts.fields.size() + 1)), field);
}

// Steps after which the request still has its one reading.
const std::vector<Step>& harmless() {
  static const std::vector<Step> kSteps = {
      {"empty line before", [](Random&, Parts& p) { p.before = "\r\n"; }},
      {"blanks around",
       [](Random& r, Parts& p) {
         auto& f = framing_field(p);
         f.insert(f.find(':') + 1, one_of<std::string>(r, {" ", "\t", " \t  "}));
         f.insert(f.size() - 2, one_of<std::string>(r, {" ", "\t", "\t "}));
       }},
      {"a field that is like it",
       [](Random& r, Parts& p) {
         insert_field(r, p,
                      one_of<std::string>(r, {"Transfer_Encoding: chunked\r\n", "X-Transfer-Encoding: chunked\r\n",
                                              "Content_Length: 3\r\n", "X-Content-Length: 3\r\n",
                                              "Content-Encoding: identity\r\n", "TE: trailers\r\n",
                                              "Content-Type: x\r\n", "Connection: keep-alive\r\n", "Trailer: X\r\n",
                                              "Upgrade: h2c\r\n", "X: Transfer-Encoding: chunked\r\n"}));
       }},
      {"zeros before the size",
       [](Random& r, Parts& p) {
         if (p.chunked)
           for (auto& c : p.chunks) c.size.insert(0, below(r, 8), '0');
         else {
           p.length.insert(0, 1 + below(r, 12), '0');
           reframe(p);
         }
       }},
      {"capitals in the size",
       [](Random&, Parts& p) {
         for (auto& c : p.chunks)
           for (auto& d : c.size) d = static_cast<char>(std::toupper(d));
       },
       true},
      {"capitals in the coding",
       [](Random&, Parts& p) {
         p.coding = "cHuNkEd";
         reframe(p);
       },
       true},
      {"extension",
       [](Random& r, Parts& p) {
         p.chunks[below(r, p.chunks.size())].after_size =
             one_of<std::string>(r, {";a\r\n", ";a=b\r\n", ";a=\"b c\"\r\n", ";" + std::string(200, 'e') + "\r\n"});
       },
       true},
      {"trailers", [](Random&, Parts& p) { p.trailers = "X-Sum: 1\r\nY: z\r\n\r\n"; }, true},
      {"any case", any_case},
  };
  return kSteps;
}

std::vector<std::string> bad_codings() {
  return {"xchunked",
          "chunked, identity",
          "identity, chunked",
          "chunked;q=1",
          "\"chunked\"",
          "gzip, chunked",
          "chunked, chunked",
          "\x0b"
          "chunked",
          "chunked,",
          ", chunked",
          "chun ked",
          std::string("chunked\0", 8),
          "identity",
          "",
          "\xa0"
          "chunked",
          "chunked x",
          "chunked\x7f"};
}

std::vector<std::string> bad_lengths(const std::string& n) {
  return {"+" + n,
          "-" + n,
          "0x" + n,
          n + ", " + n,
          n + " " + n,
          n + ".0",
          n + "e0",
          n + ";",
          "",
          "\"" + n + "\"",
          "\xa0" + n,
          n + ",",
          "," + n,
          n + "_0",
          "18446744073709551616" + n,
          n + std::string(1, '\0')};
}

// Steps after which it must be refused.
const std::vector<Step>& harmful() {
  static const std::vector<Step> kSteps = {
      {"another coding",
       [](Random& r, Parts& p) {
         p.coding = one_of(r, bad_codings());
         reframe(p);
       },
       true},
      {"another length",
       [](Random& r, Parts& p) {
         p.length = one_of(r, bad_lengths(p.length));
         if (p.chunked)
           insert_field(r, p, "Content-Length: " + p.length + "\r\n");
         else
           reframe(p);
       }},
      {"a length, too",
       [](Random& r, Parts& p) { insert_field(r, p, "Content-Length: " + std::to_string(below(r, 99)) + "\r\n"); }},
      {"a coding, too", [](Random& r, Parts& p) { insert_field(r, p, "Transfer-Encoding: chunked\r\n"); }},
      {"blank before colon",
       [](Random& r, Parts& p) {
         auto& f = framing_field(p);
         f.insert(f.find(':'), one_of<std::string>(r, {" ", "\t", "\x0b", std::string(1, '\0'), "\r"}));
       }},
      {"folded",
       [](Random& r, Parts& p) {
         auto& f = framing_field(p);
         f.insert(f.find(':') + 1, one_of<std::string>(r, {"\r\n ", "\r\n\t"}));
       }},
      {"folded into another", [](Random&, Parts& p) { framing_field(p).insert(0, " "); }},
      {"LF ends a line",
       [](Random& r, Parts& p) {
         auto& f = p.fields[below(r, p.fields.size())];
         f.replace(f.size() - 2, 2, "\n");
       }},
      {"CR ends a line",
       [](Random& r, Parts& p) {
         auto& f = p.fields[below(r, p.fields.size())];
         f.replace(f.size() - 2, 2, "\r");
       }},
      {"CR CR LF",
       [](Random& r, Parts& p) {
         auto& f = p.fields[below(r, p.fields.size())];
         f.replace(f.size() - 2, 2, "\r\r\n");
       }},
      {"a control character",
       [](Random& r, Parts& p) {
         auto& f = p.fields[below(r, p.fields.size())];
         insert(r, f, one_of<std::string>(r, {std::string(1, '\0'), "\x0b", "\x0c", "\x08", "\x7f", "\r", "\n"}));
       }},
      {"a name that is none",
       [](Random& r, Parts& p) {
         insert_field(
             r, p,
             one_of<std::string>(r, {"X Y: z\r\n", "X(: y\r\n", ": y\r\n", "X y\r\n", "X\xe9: y\r\n", "\"X\": y\r\n"}));
       }},
      {"another host",
       [](Random& r, Parts& p) {
         insert_field(r, p, one_of<std::string>(r, {"Host: i\r\n", "host: hub.test\r\n", "Host:\r\n"}));
       }},
      {"no host",
       [](Random&, Parts& p) { std::erase_if(p.fields, [](const auto& f) { return f.starts_with("Host:"); }); }},
      {"first line",
       [](Random& r, Parts& p) {
         p.first = one_of<std::string>(r, {"POST  /v1/context HTTP/1.1\r\n", "POST /v1/context  HTTP/1.1\r\n",
                                           "POST\t/v1/context HTTP/1.1\r\n", "POST /v1/context HTTP/1.1 \r\n",
                                           "POST /v1/context\r\n", "POST /v1/context HTTP/1.2\r\n",
                                           "POST /v1/context http/1.1\r\n", "POST /v1/context HTTP/1.1\n",
                                           "POST /v1/con\rtext HTTP/1.1\r\n", "POST /v1/cont\xc3\xa9xt HTTP/1.1\r\n",
                                           "POST /v1/context HTTP/1.1x\r\n", " POST /v1/context HTTP/1.1\r\n"});
       }},
      {"coding in HTTP/1.0", [](Random&, Parts& p) { p.first = "POST /v1/context HTTP/1.0\r\n"; }, true},
      {"a size that is none",
       [](Random& r, Parts& p) {
         auto& c = p.chunks[below(r, p.chunks.size())];
         c.size = one_of<std::string>(r, {"0x" + c.size, "+" + c.size, "-" + c.size, " " + c.size, c.size + " ",
                                          c.size + "\t", c.size + "h", c.size + "_", "", "g",
                                          "10000000000000000" + c.size, c.size + " ;a"});
       },
       true},
      {"size's line",
       [](Random& r, Parts& p) {
         p.chunks[below(r, p.chunks.size())].after_size =
             one_of<std::string>(r, {"\n", "\r\r\n", "\r", ";a\n", ";a\rb\r\n", ";" + std::string(300, 'e') + "\r\n",
                                     ";a=\"\n\"\r\n", ";\x0b\r\n", ";\xe9\r\n"});
       },
       true},
      {"chunk's end",
       [](Random& r, Parts& p) {
         p.chunks.front().after_data = one_of<std::string>(r, {"\n", "\r", "", "XX", "\r\n\r\n", " \r\n", "\r\r\n"});
       },
       true},
      {"bad trailers",
       [](Random& r, Parts& p) {
         p.trailers = one_of<std::string>(r, {"Content-Length: 5\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n",
                                              "Host: i\r\n\r\n", "X : y\r\n\r\n", "X: y\n\r\n", "X: y\r\n z\r\n\r\n",
                                              "GET / HTTP/1.1\r\n\r\n", "\n", "X: \x01\r\n\r\n"});
       },
       true},
  };
  return kSteps;
}

void take(Random& random, const Step& step, Parts& parts, Mutant& mutant) {
  if (step.only_chunked && !parts.chunked) return;
  step.change(random, parts);
  mutant.what += (mutant.what.empty() ? "" : ", ") + std::string(step.name);
}

} // namespace

Mutant make_mutant(Random& random, const std::string& mark, const std::string& smuggled) {
  Mutant mutant;
  Parts parts;
  mutant.taken = below(random, 3) == 0;
  parts.chunked = below(random, 2) == 0;
  const auto inner = marked_request(smuggled);
  parts.body = mutant.taken && below(random, 2) ? marked_body(mark) : "0\r\n\r\n" + inner;
  parts.length = std::to_string(parts.body.size());
  parts.chunks = chunks_of(random, parts.body);
  parts.fields = {"Host: hub.test\r\n", "Authorization: Bearer " + std::string(kDesk) + "\r\n", "Content-Length: 0\r\n",
                  "Accept: */*\r\n"};
  reframe(parts);
  for (auto steps = below(random, 3); steps > 0; --steps) {
    const auto& step = one_of(random, harmless());
    if (mutant.what.find(step.name) == std::string::npos) take(random, step, parts, mutant);
  }
  if (!mutant.taken) {
    const auto before = mutant.what;
    while (mutant.what == before) take(random, one_of(random, harmful()), parts, mutant);
  }
  mutant.what = (parts.chunked ? "chunked: " : "sized: ") + mutant.what;
  mutant.bytes = joined(parts);
  return mutant;
}

std::vector<std::string> cut_at_random(Random& random, const std::string& bytes) {
  std::vector<std::string> pieces;
  std::string_view left = bytes;
  while (!left.empty()) {
    const auto size = std::min<std::size_t>(left.size(), 1 + below(random, 300));
    pieces.emplace_back(left.substr(0, size));
    left.remove_prefix(size);
  }
  return pieces;
}

} // namespace plugboard::test
