#include "core/connector/examine.hpp"
#include "core/json/fields.hpp"

#include <limits>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostWords = 512; // bytes of what is kept, or why
constexpr std::size_t kMostKept = 256;

Result<KeptRecords> read_kept(json::Value element, const std::string& at) {
  if (!element.is_object()) return fail(Code::invalid_argument, at + ": must be {\"what\": …, \"why\": …}");
  json::Fields fields(element, at);
  KeptRecords records{std::string(fields.required_string("what")), std::string(fields.required_string("why"))};
  if (records.what.size() > kMostWords) fields.refuse("what", "is longer than 512 bytes");
  if (records.why.size() > kMostWords) fields.refuse("why", "is longer than 512 bytes");
  if (auto finished = fields.finish(); !finished) return finished.error();
  return records;
}

Result<SubjectAnswer> read_erased(json::Value value) {
  json::Fields fields(value, "");
  SubjectAnswer answer;
  const auto erased = fields.integer("erased", 0, std::numeric_limits<std::int64_t>::max());
  if (!erased) fields.refuse("erased", "must say how many records are gone: a whole number, 0 when there were none");
  answer.erased = static_cast<std::uint64_t>(erased.value_or(0));
  const json::Value list = fields.array("kept");
  if (list.size() > kMostKept) fields.refuse("kept", "has too many elements");
  if (auto finished = fields.finish(); !finished) return finished.error();
  auto kept = json::read_elements(list, "/kept", read_kept);
  if (!kept) return kept.error();
  answer.kept = std::move(*kept);
  return answer;
}

Rejected ended(Outcome outcome) {
  return {false, std::move(outcome), std::nullopt};
}

Rejected unreadable(const Reply& reply, std::string detail) {
  if (!reply.verbatim) return broken_answer(std::move(detail));
  return ended(failed(Status::error, Reason::upstream_malformed, std::move(detail)));
}

} // namespace

std::string_view name_of(Right right) {
  return right == Right::erase ? "erase" : "export";
}

Subject examine_subject(Reply reply, Right right, json::Reader& reader, std::string& why) {
  why = reply.garbage;
  Outcome outcome = outcome_of(reply, true);
  outcome.retry_after = reply.retry_after;
  if (outcome.status != Status::ok) return ended(std::move(outcome));
  if (!reply.identifiers.empty()) return broken_answer("the plugin gave identifiers where none are asked for");
  const auto value = reader.read(reply.data);
  if (!value || !value->is_object()) {
    why = value ? "not a JSON object" : value.error().message;
    if (!value && value.error().code == Code::too_large)
      return ended(failed(Status::invalid, Reason::too_large, "the answer is over the limits of JSON"));
    return unreadable(reply, "what it " + std::string(right == Right::erase ? "erased" : "exports") +
                                 " is not a strict JSON object");
  }
  if (right == Right::export_data) {
    SubjectAnswer answer;
    answer.data = std::move(reply.data);
    return answer;
  }
  auto answer = read_erased(*value);
  if (!answer) {
    why = answer.error().message;
    return broken_answer("what it erased is not what abi.h demands: " + answer.error().message);
  }
  return std::move(*answer);
}

} // namespace plugboard::connector
