#include "core/context/payload.hpp"

#include "core/base/account_numbers.hpp"
#include "core/json/writer.hpp"
#include "core/policy/redact.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

namespace plugboard::context {

using connector::Outcome;
using connector::Reason;
using connector::Status;

namespace {

bool answered(Status status) {
  return status == Status::ok || status == Status::stale || status == Status::not_found;
}

// Milliseconds with one decimal place, where it is not 0.
class Tenths {
 public:
  explicit Tenths(Duration duration) {
    const Duration::rep tenths = (std::abs(duration.count()) + 50'000) / 100'000;
    char* end = digits_.data();
    if (duration.count() < 0 && tenths > 0) *end++ = '-';
    end = std::to_chars(end, digits_.data() + digits_.size() - 2, tenths / 10).ptr;
    if (const auto rest = tenths % 10; rest != 0) {
      *end++ = '.';
      *end++ = static_cast<char>('0' + rest);
    }
    size_ = static_cast<std::size_t>(end - digits_.data());
  }

  std::string_view text() const { return {digits_.data(), size_}; }

 private:
  std::array<char, 24> digits_{}; // the longest has 16
  std::size_t size_ = 0;
};

class PayloadWriter {
 public:
  explicit PayloadWriter(const PayloadParts& parts) : parts_(parts), writer_(out_) { out_.reserve(expected_size()); }

  std::string write() {
    writer_.begin_object();
    writer_.member("context_id", parts_.context_id);
    writer_.key("customer");
    std::string customer;
    append_customer(customer, parts_.customer_id, *parts_.identifiers);
    writer_.raw(customer);
    writer_.member("assurance", name_of(parts_.assurance));
    writer_.member("complete", is_complete(parts_));
    required_missing();
    writer_.key("took_ms").raw(Tenths(parts_.took).text());
    conflicts();
    writer_.key("sections").begin_object();
    sections();
    writer_.end_object();
    writer_.end_object();
    return std::move(out_);
  }

 private:
  std::size_t expected_size() const {
    std::size_t size = 1024;
    for (const auto& result : *parts_.results) size += 384 + result.outcome.data.size();
    return size;
  }

  void required_missing() {
    writer_.key("required_missing").begin_array();
    for (const auto name : plugboard::context::required_missing(parts_)) writer_.value(name);
    writer_.end_array();
  }

  void conflicts() {
    if (parts_.conflicts->empty()) return;
    writer_.key("conflicts").begin_array();
    for (const auto& conflict : *parts_.conflicts) {
      writer_.begin_object();
      writer_.member("type", conflict.type);
      if (!conflict.kept.empty()) writer_.member("kept", conflict.kept);
      writer_.member("ignored", conflict.ignored);
      writer_.end_object();
    }
    writer_.end_array();
  }

  // Both lists are in declared order: they are merged.
  void sections() {
    auto step_up = parts_.step_up.begin();
    auto before = [&](std::size_t section) { return step_up != parts_.step_up.end() && step_up->section < section; };
    for (const auto& result : *parts_.results) {
      while (before(result.section)) challenge(*step_up++);
      if (result.asked) section(result);
    }
    while (step_up != parts_.step_up.end()) challenge(*step_up++);
    for (const auto& name : parts_.denied) {
      writer_.key(name).begin_object();
      writer_.member("status", name_of(Status::denied));
      writer_.end_object();
    }
  }

  // What may leave of the data: as it came, where that is all of it. False: it can't be told.
  bool redact(const SectionResult& result) {
    const auto& outcome = result.outcome;
    const auto& view = parts_.sight->of(result.section);
    data_ = outcome.data;
    if (view.is_whole() && outcome.is_clean) return true;
    redacted_.clear();
    if (!policy::append_redacted(redacted_, view, outcome.data, outcome.is_clean)) return false;
    data_ = redacted_;
    return true;
  }

  void section(const SectionResult& result) {
    if (has_data(result.outcome.status) && !redact(result)) {
      Outcome unreadable;
      unreadable.status = Status::invalid;
      unreadable.reason = Reason::plugin_protocol;
      return section(result, unreadable);
    }
    section(result, result.outcome);
  }

  void section(const SectionResult& result, const Outcome& outcome) {
    const auto& declared = parts_.catalog->sections()[result.section];
    writer_.key(declared.name).begin_object();
    writer_.member("status", name_of(outcome.status));
    if (has_data(outcome.status)) {
      writer_.member("shape", declared.shape);
      writer_.key("data").raw(data_);
      withheld(parts_.sight->of(result.section));
    }
    if (outcome.reason != Reason::none) error(outcome);
    source(declared);
    if (has_data(outcome.status)) {
      writer_.member("fetched_at", written(outcome.fetched_at));
      writer_.member("age_ms", std::chrono::duration_cast<std::chrono::milliseconds>(outcome.course.age).count());
    }
    if (result.called) {
      writer_.key("started_ms").raw(Tenths(result.started_after).text());
      writer_.key("took_ms").raw(Tenths(outcome.took).text());
    }
    writer_.end_object();
  }

  // Most sections come within few milliseconds, which is as fine as it is told.
  const std::string& written(WallTime time) {
    const auto at = std::chrono::floor<std::chrono::milliseconds>(time);
    if (time_.empty() || at != time_at_) time_ = rfc3339(time);
    time_at_ = at;
    return time_;
  }

  void withheld(const policy::View& view) {
    if (view.withheld.empty()) return;
    writer_.key("withheld").begin_array();
    for (const auto& part : view.withheld) {
      writer_.begin_object();
      writer_.member("field", part.field).member("status", name_of(Status::step_up_required));
      challenge(part.challenge);
      writer_.end_object();
    }
    writer_.end_array();
  }

  void error(const Outcome& outcome) {
    writer_.key("error").begin_object();
    writer_.member("reason", name_of(outcome.reason));
    writer_.member("title", title_of(outcome.status, outcome.reason));
    if (!outcome.detail.empty()) writer_.member("detail", outcome.detail);
    if (outcome.retry_after > Duration::zero())
      writer_.member("retry_after_ms", static_cast<std::int64_t>(milliseconds(outcome.retry_after)));
    writer_.end_object();
  }

  // RFC 9470's words: what a new authentication must reach.
  void challenge(const StepUp& step_up) {
    const auto& declared = parts_.catalog->sections()[step_up.section];
    writer_.key(declared.name).begin_object();
    writer_.member("status", name_of(Status::step_up_required));
    challenge(step_up.needed);
    source(declared);
    writer_.end_object();
  }

  void challenge(const policy::Challenge& needed) {
    writer_.key("challenge").begin_object();
    writer_.member("error", "insufficient_user_authentication");
    writer_.member("acr_values", name_of(needed.assurance));
    if (needed.max_age) writer_.member("max_age", static_cast<std::int64_t>(needed.max_age->count()));
    writer_.end_object();
  }

  void source(const CatalogSection& declared) {
    const auto& source = (*parts_.sources)[declared.connector];
    writer_.key("source").begin_object();
    writer_.member("connector", source.connector).member("plugin", source.plugin).member("version", source.version);
    writer_.end_object();
  }

  const PayloadParts& parts_;
  std::string_view data_; // of the section that is being written
  std::string redacted_;
  std::string time_; // as it was written last, of:
  std::chrono::sys_time<std::chrono::milliseconds> time_at_{};
  std::string out_;
  json::Writer writer_;
};

} // namespace

bool is_complete(const PayloadParts& parts) {
  return parts.denied.empty() && parts.step_up.empty() &&
         std::all_of(parts.results->begin(), parts.results->end(), [&](const SectionResult& result) {
           auto status = result.outcome.status;
           if (status == Status::ok && result.asked) return parts.sight->of(result.section).withheld.empty();
           return !result.asked || status == Status::not_found;
         });
}

std::vector<std::string_view> required_missing(const PayloadParts& parts) {
  std::vector<std::string_view> missing;
  for (const auto& name : parts.required) {
    bool there = std::any_of(parts.results->begin(), parts.results->end(), [&](const SectionResult& result) {
      return result.asked && answered(result.outcome.status) && parts.catalog->sections()[result.section].name == name;
    });
    if (!there) missing.push_back(name);
  }
  return missing;
}

std::string write_payload(const PayloadParts& parts) {
  return PayloadWriter(parts).write();
}

void append_customer(std::string& out, std::string_view id, const std::vector<Identifier>& identifiers) {
  json::Writer writer(out);
  writer.begin_object();
  writer.member("id", id);
  writer.key("identifiers").begin_array();
  for (const auto& identifier : identifiers) {
    writer.begin_object();
    auto value = identifier.value;
    mask_account_numbers(value);
    writer.member("type", identifier.type).member("value", value);
    writer.member("verified", identifier.verified).member("source", identifier.source);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
}

} // namespace plugboard::context
