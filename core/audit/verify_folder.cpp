#include "core/audit/verify_folder.hpp"

#include "core/audit/hexadecimal.hpp"
#include "core/audit/lines.hpp"

#include <algorithm>

namespace plugboard::audit {
namespace {

Result<std::optional<Head>> head_of(Folder& folder, json::Reader& reader) {
  const auto text = folder.read(kHeadFile, 0, kLongestLine);
  if (!text && text.error().code == Code::not_found) return std::optional<Head>();
  if (!text) return text.error();
  auto head = read_head(reader, *text);
  if (!head) return head.error();
  return std::optional(std::move(*head));
}

std::vector<std::string> in_hex(const Verifier::PublicKeys& keys) {
  std::vector<std::string> all;
  for (const auto& key : keys) all.push_back(to_hex(key));
  return all;
}

// Error: malformed with the first fault. rest: what follows the last whole line.
Result<void> run_through(Folder& folder, json::Reader& reader, Verifier& verifier, const std::string& name,
                         std::uint64_t size, std::uint64_t& rest) {
  Lines lines(folder, name, 0, size);
  for (;;) {
    const auto line = lines.next();
    if (!line) return line.error();
    if (!*line) break;
    if (auto fits = verifier.record(reader, **line); !fits) return fits;
  }
  rest = lines.rest().size();
  return {};
}

// What a segment says of the record before its first.
Result<ChainEnd> before_of(Folder& folder, json::Reader& reader, const std::string& name) {
  Lines lines(folder, name, 0, kLongestLine);
  const auto line = lines.next();
  if (!line) return line.error();
  const auto root = *line ? reader.read(**line) : Result<json::Value>(fail(Code::malformed, "empty"));
  const auto first = root ? read_record_head(*root) : Result<RecordHead>(root.error());
  if (!first) return fail(Code::malformed, "its first record is damaged", "audit");
  return ChainEnd{first->seq - 1, first->prev};
}

} // namespace

Result<Verified> verify_folder(Folder& folder, const Verifier::PublicKeys& trusted) {
  json::Reader reader;
  Verified seen;
  auto names = list_segments(folder);
  if (!names) return names.error();
  const auto head = head_of(folder, reader);
  if (!head && head.error().code != Code::malformed) return head.error();
  if (!head) seen.fault = head.error().message;
  Verifier verifier(trusted, head && *head ? (*head)->before : ChainEnd{});
  if (head && *head)
    if (auto fits = verifier.expect(**head); !fits) seen.fault = fits.error().message;
  // What a hub had retired already when it was killed.
  while (names->size() > 1 && *first_seq_of((*names)[1]) <= verifier.end().seq + 1) names->erase(names->begin());
  for (const auto& name : *names) {
    if (!seen.fault.empty()) break;
    ++seen.segments;
    const auto size = folder.size(name);
    if (!size) return size.error();
    const bool is_last = name == names->back();
    auto fits = run_through(folder, reader, verifier, name, *size, seen.torn);
    if (!fits && fits.error().code != Code::malformed) return fits.error();
    if (!fits) seen.fault = name + ": " + fits.error().message;
    if (fits && seen.torn > 0 && !is_last) seen.fault = name + ": its end is missing";
  }
  if (auto all = verifier.finish(); !all && seen.fault.empty()) seen.fault = all.error().message;
  seen.records = verifier.records();
  seen.checkpoints = verifier.checkpoints();
  seen.unsigned_records = verifier.unsigned_records();
  seen.first_time = verifier.first_time();
  seen.last_time = verifier.last_time();
  seen.signed_by = in_hex(verifier.signed_by());
  return seen;
}

Result<SegmentVerdict> verify_segment(Folder& folder, const std::string& name, const Verifier::PublicKeys& trusted,
                                      const std::string& open_segment, std::uint64_t open_size) {
  json::Reader reader;
  const auto names = list_segments(folder);
  if (!names) return names.error();
  const auto at = name.empty() ? names->begin() : std::find(names->begin(), names->end(), name);
  if (at == names->end()) return fail(Code::invalid_argument, "segment: there is none of this name", "audit");
  SegmentVerdict verdict;
  if (at + 1 != names->end()) verdict.next = *(at + 1);
  const auto before = before_of(folder, reader, *at);
  const auto size = *at == open_segment ? Result<std::uint64_t>(open_size) : folder.size(*at);
  if (!size) return size.error();
  Verifier verifier(trusted, before ? *before : ChainEnd{});
  const auto head = head_of(folder, reader);
  auto fits = head ? Result<void>() : Result<void>(head.error());
  if (fits && *head) {
    fits = verifier.expect(**head);
    verdict.head_before = (*head)->before;
    verdict.head_end = (*head)->end;
  }
  if (fits && !before) fits = before.error();
  std::uint64_t rest = 0;
  if (fits) fits = run_through(folder, reader, verifier, *at, *size, rest);
  if (!fits && fits.error().code != Code::malformed) return fits.error();
  if (!fits) verdict.fault = *at + ": " + fits.error().message;
  if (fits && rest > 0) verdict.fault = *at + ": its end is missing";
  verdict.before = before ? *before : ChainEnd{};
  verdict.end = verifier.end();
  verdict.records = verifier.records();
  verdict.checkpoints = verifier.checkpoints();
  verdict.signed_by = in_hex(verifier.signed_by());
  return verdict;
}

} // namespace plugboard::audit
