#include "core/policy/redact.hpp"

#include "core/base/account_numbers.hpp"
#include "core/base/text.hpp"
#include "core/json/shape_node.hpp"
#include "core/json/string_text.hpp"
#include "core/policy/mask_text.hpp"

#include <algorithm>
#include <cstring>

namespace plugboard::policy {

namespace {

constexpr std::size_t kDeepest = 64; // the strict reader's

enum class Left : std::uint8_t { all = 1, nothing, hollow }; // hollow: an object or array without all that was in it

class Redaction {
 public:
  Redaction(std::string& out, std::string_view text, const View& view, bool is_clean)
      : out_(out), text_(text), view_(view), is_clean_(is_clean) {}

  bool run(const Plan* wanted) {
    const Plan& plan = wanted ? *wanted : all_;
    const auto before = out_.size();
    space();
    kept_ = at_;
    auto left = value(plan);
    flush(at_);
    space();
    if (failed_ || at_ != text_.size() || left == Left::nothing) {
      out_.resize(before);
      return false;
    }
    return true;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
      ++at_;
  }

  void fail() {
    failed_ = true;
    at_ = text_.size();
  }

  void take(char wanted) {
    if (peek() != wanted) return fail();
    ++at_;
  }

  // Copies what is to stay up to here.
  void flush(std::size_t to) {
    out_.append(text_.substr(kept_, to - kept_));
    kept_ = to;
  }

  std::string_view string() { // with its quotes
    const auto begin = at_++;
    for (;;) {
      const auto* quote = at_ < text_.size() ? std::memchr(text_.data() + at_, '"', text_.size() - at_) : nullptr;
      if (!quote) {
        fail();
        return {};
      }
      const auto end = static_cast<std::size_t>(static_cast<const char*>(quote) - text_.data());
      at_ = end + 1;
      std::size_t slashes = 0;
      while (end - slashes > begin + 1 && text_[end - slashes - 1] == '\\') ++slashes;
      if (slashes % 2 == 0) return text_.substr(begin, at_ - begin);
    }
  }

  std::string_view word() { // a number, true, false or null
    const auto begin = at_;
    while (at_ < text_.size() && std::strchr(",]}: \n\r\t\"{[", text_[at_]) == nullptr) ++at_;
    if (at_ == begin) fail();
    return text_.substr(begin, at_ - begin);
  }

  // What a string says; its own bytes when it has no escapes.
  std::string_view said(std::string_view string) {
    if (failed_) return {};
    const auto inside = string.substr(1, string.size() - 2);
    if (inside.find('\\') == std::string_view::npos) return inside;
    if (!json::unescape(inside, unescaped_)) fail();
    return unescaped_;
  }

  Left value(const Plan& plan) {
    if (plan.kind == Plan::Kind::keep && (is_clean_ || plan.bares_accounts)) {
      skip();
      return Left::all;
    }
    switch (peek()) {
    case '{':
    case '[': {
      if (plan.kind == Plan::Kind::mask || plan.kind == Plan::Kind::drop) {
        skip();
        return Left::nothing;
      }
      if (++depth_ > kDeepest) fail();
      const auto left = peek() == '{' ? object(plan) : array(plan);
      --depth_;
      return left;
    }
    default:
      return scalar(plan);
    }
  }

  void skip() { // a value, whatever is in it
    std::size_t open = 0;
    do {
      switch (peek()) {
      case '"':
        string();
        break;
      case '{':
      case '[':
        ++open;
        ++at_;
        break;
      case '}':
      case ']':
        if (open == 0) return fail();
        --open;
        ++at_;
        break;
      case ',':
      case ':':
      case ' ':
      case '\n':
      case '\r':
      case '\t':
        if (open == 0) return fail();
        ++at_;
        break;
      default:
        word();
      }
    } while (open > 0 && !failed_);
  }

  Left scalar(const Plan& plan) {
    const auto begin = at_;
    const bool is_string = peek() == '"';
    const auto token = is_string ? string() : word();
    if (failed_) return Left::nothing;
    if (plan.kind == Plan::Kind::drop || (plan.kind == Plan::Kind::walk && !plan.keeps_scalars)) return Left::nothing;
    const bool is_text = is_string || token.front() == '-' || (token.front() >= '0' && token.front() <= '9');
    if (plan.kind == Plan::Kind::mask && !is_text) return Left::nothing;
    if (plan.kind != Plan::Kind::mask && (is_clean_ || !is_text || !may_hold_account_number(token))) return Left::all;
    std::string text(is_string ? said(token) : token);
    if (failed_) return Left::nothing;
    if (plan.kind == Plan::Kind::mask) {
      auto left = masked(plan.mask, text, view_);
      if (!left) return Left::nothing;
      text = std::move(*left);
      mask_account_numbers(text);
    } else if (!mask_account_numbers(text)) {
      return Left::all;
    }
    flush(begin);
    append_json_string(out_, text);
    kept_ = at_;
    return Left::all;
  }

  // A member that may leave keeps the bytes before it, but for the comma of one before that did not leave.
  Left object(const Plan& plan) {
    take('{');
    bool any_left = false, any_gone = false;
    for (bool first = true; !failed_; first = false) {
      const auto out_before = out_.size(), kept_before = kept_, lead = at_;
      space();
      if (peek() == '}') break;
      if (!first) {
        take(',');
        if (!any_left) pass_over(lead, at_);
        space();
      }
      if (peek() != '"') {
        fail();
        break;
      }
      const Plan& inner = plan_of(plan, said(string()));
      space();
      take(':');
      space();
      if (value(inner) == Left::all) {
        any_left = true;
        continue;
      }
      any_gone = true;
      take_back(out_before, kept_before, lead);
    }
    take('}');
    return any_gone && !any_left ? Left::hollow : Left::all;
  }

  Left array(const Plan& plan) {
    take('[');
    const Plan& inner = plan.kind == Plan::Kind::keep ? all_ : plan.items ? *plan.items : nothing_;
    bool any_left = false, any_gone = false;
    for (bool first = true; !failed_; first = false) {
      const auto out_before = out_.size(), kept_before = kept_, lead = at_;
      space();
      if (peek() == ']') break;
      if (!first) {
        take(',');
        if (!any_left) pass_over(lead, at_);
        space();
      }
      if (value(inner) != Left::nothing) { // a hollow element keeps its place
        any_left = true;
        continue;
      }
      any_gone = true;
      take_back(out_before, kept_before, lead);
    }
    take(']');
    return any_gone && !any_left ? Left::hollow : Left::all;
  }

  const Plan& plan_of(const Plan& plan, std::string_view name) const {
    if (!is_clean_ && holds_account_number(name)) return nothing_; // a name can't be masked: it might be another's then
    if (plan.kind == Plan::Kind::keep) return all_;
    const auto* inner = plan.member(name);
    return inner ? *inner : nothing_;
  }

  void pass_over(std::size_t from, std::size_t to) {
    flush(from);
    kept_ = to;
  }

  // Nothing of what was read since then leaves.
  void take_back(std::size_t out_before, std::size_t kept_before, std::size_t lead) {
    out_.resize(out_before);
    kept_ = kept_before;
    pass_over(lead, at_);
  }

  const Plan all_{.kind = Plan::Kind::keep}, nothing_{};
  std::string& out_;
  std::string_view text_;
  const View& view_;
  bool is_clean_;
  bool failed_ = false;
  std::size_t at_ = 0;
  std::size_t kept_ = 0; // from here on nothing was copied yet
  std::size_t depth_ = 0;
  std::string unescaped_;
};

} // namespace

const Plan* Plan::member(std::string_view name) const {
  const auto found =
      std::lower_bound(members.begin(), members.end(), name,
                       [](const auto& one, std::string_view wanted) { return json::comes_before(one.first, wanted); });
  return found != members.end() && found->first == name ? found->second : others;
}

bool may_hold_account_number(std::string_view json) {
  return json.find('\\') != std::string_view::npos || holds_account_number(json);
}

bool append_redacted(std::string& out, const View& view, std::string_view json, bool is_clean) {
  if (view.verdict != Verdict::allowed) return false;
  return Redaction(out, json, view, is_clean).run(view.plan ? view.plan->root : nullptr);
}

} // namespace plugboard::policy
