#include "plugins/sql/query.hpp"

#include <algorithm>

namespace plugboard::sql {
namespace {

bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool in_name(char c) {
  return digit(c) || (starts_word(c) && static_cast<unsigned char>(c) < 0x80);
}

bool in_word(char c) {
  return starts_word(c) || digit(c) || c == '$';
}

bool blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return small;
}

std::string place_in(std::string_view text, std::size_t byte) {
  byte = std::min(byte, text.size());
  auto before = text.substr(0, byte);
  auto line = 1 + std::count(before.begin(), before.end(), '\n');
  auto start = before.rfind('\n');
  auto in_line = start == std::string_view::npos ? before : before.substr(start + 1);
  auto column = 1 + std::count_if(in_line.begin(), in_line.end(), [](char c) { return (c & 0xc0) != 0x80; });
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// Walks over the query once, token by token: what is inside a string, a quoted name or a comment is none of ours.
class Scanner {
 public:
  Scanner(std::string_view text, Dialect dialect) : text_(text), dialect_(dialect) { query_.original = text; }

  Result<Query> run() {
    while (at_ < text_.size() && fault_.empty()) token();
    if (!fault_.empty()) return Failure{Status::failed, place_in(text_, fault_at_) + ": " + fault_};
    query_.text.append(text_.substr(copied_));
    return std::move(query_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  bool next_is(std::string_view what) const { return text_.substr(at_, what.size()) == what; }

  bool sqlite() const { return dialect_ == Dialect::sqlite; }

  void fail(std::size_t at, std::string message) {
    fault_at_ = at;
    fault_ = std::move(message);
  }

  void token() {
    const char c = peek();
    if (blank(c))
      ++at_;
    else if (next_is("--"))
      line_comment();
    else if (next_is("/*"))
      block_comment();
    else if (c == '\'' || c == '"' || (sqlite() && c == '`'))
      quoted(c, c == '\'' ? "string" : "quoted name");
    else if (sqlite() && c == '[')
      bracketed();
    else if (starts_word(c))
      word();
    else if (digit(c))
      number();
    else
      sign(c);
  }

  void sign(char c) {
    if (c == ':')
      colon();
    else if (c == '$')
      dollar();
    else if (sqlite() && (c == '?' || c == '@' || c == '#'))
      fail(at_, std::string("\"") + c + "\": write parameters by name, like :email or :params.limit");
    else if (c == '\0')
      fail(at_, "a NUL character");
    else
      ++at_;
  }

  void line_comment() {
    auto end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
  }

  // PostgreSQL nests them.
  void block_comment() {
    const auto start = at_;
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      if (next_is("/*") && (depth == 0 || !sqlite())) {
        ++depth;
        at_ += 2;
      } else if (next_is("*/")) {
        at_ += 2;
        if (--depth == 0) return;
      } else {
        ++at_;
      }
    }
    fail(start, "this comment has no end");
  }

  void quoted(char quote, const char* what) {
    const auto start = at_++;
    while (at_ < text_.size()) {
      if (text_[at_++] != quote) continue;
      if (peek() != quote) return;
      ++at_;
    }
    fail(start, std::string("this ") + what + " has no end");
  }

  void bracketed() {
    auto end = text_.find(']', at_);
    if (end == std::string_view::npos) return fail(at_, "this quoted name has no end");
    at_ = end + 1;
  }

  void word() {
    const auto start = at_;
    while (in_word(peek())) ++at_;
    auto found = text_.substr(start, at_ - start);
    if (query_.first_word.empty()) query_.first_word = lower(found);
    if (!sqlite() && lower(found) == "e" && peek() == '\'') escape_string();
  }

  // E'…': a backslash takes the next character with it; so do the pieces that follow on further lines.
  void escape_string() {
    const auto start = at_;
    do {
      ++at_;
      while (at_ < text_.size() && !(peek() == '\'' && peek(1) != '\''))
        at_ += peek() == '\\' || peek() == '\'' ? 2 : 1;
      if (at_ >= text_.size()) return fail(start, "this string has no end");
      ++at_;
    } while (continued());
  }

  // A string goes on in the next piece when only blanks and line comments with a line break stand between.
  bool continued() {
    const auto back = at_;
    bool line_break = false;
    while (at_ < text_.size() && (blank(peek()) || next_is("--"))) {
      if (next_is("--")) {
        line_comment();
        line_break = true;
      } else {
        line_break |= peek() == '\n' || peek() == '\r';
        ++at_;
      }
    }
    if (line_break && peek() == '\'') return true;
    at_ = back;
    return false;
  }

  void number() {
    while (digit(peek()) || peek() == '.' || in_name(peek())) ++at_;
  }

  void dollar() {
    if (sqlite() || digit(peek(1))) return fail(at_, "\"$\": write parameters by name, like :email or :params.limit");
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != '$' && in_word(text_[end])) ++end;
    if (end >= text_.size() || text_[end] != '$') return static_cast<void>(++at_);
    auto tag = text_.substr(at_, end + 1 - at_);
    auto close = text_.find(tag, end + 1);
    if (close == std::string_view::npos) return fail(at_, "this " + std::string(tag) + " string has no end");
    at_ = close + tag.size();
  }

  void colon() {
    if (peek(1) == ':') return static_cast<void>(at_ += 2); // a cast
    if (!in_name(peek(1)) || digit(peek(1))) return static_cast<void>(++at_);
    const auto start = at_++;
    while (in_name(peek())) ++at_;
    if (peek() == '.' && in_name(peek(1)) && !digit(peek(1))) {
      ++at_;
      while (in_name(peek())) ++at_;
    }
    parameter(start, std::string(text_.substr(start + 1, at_ - start - 1)));
  }

  // Blanks around it: "LIMIT:params.n" must not become "LIMIT$1", which is one word.
  void parameter(std::size_t start, const std::string& name) {
    auto known = std::find(query_.parameters.begin(), query_.parameters.end(), name);
    auto number = static_cast<std::size_t>(known - query_.parameters.begin()) + 1;
    if (known == query_.parameters.end()) query_.parameters.push_back(name);
    query_.text.append(text_.substr(copied_, start - copied_));
    query_.text.push_back(' ');
    query_.shifts.push_back({query_.text.size(), start});
    query_.text.append(sqlite() ? "?" : "$").append(std::to_string(number)).push_back(' ');
    query_.shifts.push_back({query_.text.size(), at_});
    copied_ = at_;
  }

  std::string_view text_;
  Dialect dialect_;
  std::size_t at_ = 0, copied_ = 0, fault_at_ = 0;
  std::string fault_;
  Query query_;
};

} // namespace

std::string Query::place(std::size_t byte_of_text) const {
  std::size_t byte = byte_of_text;
  for (const auto& shift : shifts)
    if (shift.rewritten <= byte_of_text) byte = shift.original + (byte_of_text - shift.rewritten);
  return place_in(original, byte);
}

Result<Query> parse_query(std::string_view text, Dialect dialect) {
  return Scanner(text, dialect).run();
}

} // namespace plugboard::sql
