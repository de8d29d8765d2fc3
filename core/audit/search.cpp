#include "core/audit/search.hpp"

#include "core/audit/customer_index.hpp"
#include "core/audit/lines.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace plugboard::audit {
namespace {

constexpr std::uint64_t kMostLookedThrough = std::uint64_t{32} << 20; // for one page
constexpr std::size_t kMostBytes = std::size_t{4} << 20;              // of one page

struct Place { // "SEQ.OFFSET": a segment by its first record, and where to go on in it
  std::uint64_t segment = 0, offset = 0;
};

std::optional<Place> read_place(std::string_view text) {
  Place place;
  if (text.empty()) return place;
  const auto* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, place.segment);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '.') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, place.offset);
  if (second.ec != std::errc() || second.ptr != end) return std::nullopt;
  return place;
}

class Search {
 public:
  Search(Folder& folder, const Extent& extent, const Query& query) : folder_(folder), extent_(extent), query_(query) {}

  Result<Page> page() {
    const auto from = read_place(query_.after);
    if (!from) return fail(Code::invalid_argument, "after: must be what the page before gave as \"next\"", "audit");
    auto names = list_segments(folder_);
    if (!names) return names.error();
    for (std::size_t i = 0; i < names->size() && page_.next.empty(); ++i) {
      const auto first = *first_seq_of((*names)[i]);
      if (first < from->segment) continue;
      const bool is_over = i + 1 < names->size() && ends_before((*names)[i + 1]);
      if (is_over) continue;
      auto looked = segment((*names)[i], first, first == from->segment ? from->offset : 0);
      if (!looked && looked.error().code != Code::not_found) return looked.error(); // retired meanwhile
    }
    return std::move(page_);
  }

 private:
  // All of a segment is older than what is asked for when the next one begins before that.
  bool ends_before(const std::string& next) {
    if (query_.from.empty()) return false;
    Lines lines(folder_, next, 0, kLongestLine);
    const auto line = lines.next();
    return line && *line && text_of_member(**line, "time") < query_.from;
  }

  Result<void> segment(const std::string& name, std::uint64_t first, std::uint64_t from) {
    const bool is_open = name == extent_.segment;
    const auto size = is_open ? Result<std::uint64_t>(extent_.size) : folder_.size(name);
    if (!size) return size.error();
    if (!is_open && !query_.customer.empty()) {
      auto offsets = look_up(folder_, name, query_.customer);
      if (!offsets && make_index(folder_, name)) offsets = look_up(folder_, name, query_.customer);
      if (offsets) return indexed(name, first, *size, from, *offsets);
    }
    return looked_through(name, first, *size, from);
  }

  Result<void> indexed(const std::string& name, std::uint64_t first, std::uint64_t size, std::uint64_t from,
                       const std::vector<std::uint64_t>& offsets) {
    for (const auto at : offsets) {
      if (at < from || at >= size) continue;
      Lines lines(folder_, name, at, size);
      const auto line = lines.next();
      if (!line) return line.error();
      if (*line && !take(**line, first, lines.after())) break;
    }
    return {};
  }

  Result<void> looked_through(const std::string& name, std::uint64_t first, std::uint64_t size, std::uint64_t from) {
    Lines lines(folder_, name, from, size);
    for (;;) {
      const auto line = lines.next();
      if (!line) return line.error();
      if (!*line) return {};
      looked_ += (*line)->size();
      if (!take(**line, first, lines.after())) return {};
    }
  }

  // False: the page is full, or enough was looked through for it.
  bool take(std::string_view record, std::uint64_t segment, std::uint64_t after) {
    if (is_wanted(query_, record)) {
      page_.records.emplace_back(record);
      bytes_ += record.size();
    }
    if (page_.records.size() < query_.most && bytes_ < kMostBytes && looked_ < kMostLookedThrough) return true;
    page_.next = std::to_string(segment) + "." + std::to_string(after);
    return false;
  }

  Folder& folder_;
  const Extent& extent_;
  const Query& query_;
  Page page_;
  std::size_t bytes_ = 0;
  std::uint64_t looked_ = 0;
};

} // namespace

bool is_wanted(const Query& query, std::string_view record) {
  const auto fits = [&](std::string_view name, const std::string& wanted) {
    return wanted.empty() || text_of_member(record, name) == wanted;
  };
  if (!fits("customer", query.customer) || !fits("tenant", query.tenant) || !fits("client", query.client) ||
      !fits("kind", query.kind))
    return false;
  const auto time = text_of_member(record, "time");
  return (query.from.empty() || time >= query.from) && (query.to.empty() || time < query.to);
}

Result<Page> search(Folder& folder, const Extent& extent, const Query& query) {
  return Search(folder, extent, query).page();
}

} // namespace plugboard::audit
