#include "plugins/sql/answer.hpp"

#include "plugins/sql/layout.hpp"
#include "plugins/sql/render.hpp"
#include "plugins/sql/text.hpp"

#include <algorithm>

namespace plugboard::sql {
namespace {

class Writer {
 public:
  Writer(const TimeZone& zone, const Table& table, const Layout& layout)
      : zone_(zone), table_(table), layout_(layout) {}

  // Parts with nothing in them are left out, save the rows and the whole.
  bool write(const Place& place, const Row& row) {
    switch (place.kind) {
    case Place::Kind::column:
      return column(place, row);
    case Place::Kind::rows:
      return rows();
    case Place::Kind::object:
    case Place::Kind::array:
      break;
    }
    const bool object = place.kind == Place::Kind::object;
    const auto start = out_.size();
    out_.push_back(object ? '{' : '[');
    bool any = false;
    for (const auto& child : place.children) {
      const auto before = out_.size();
      if (any) out_.push_back(',');
      if (object) {
        append_quoted(out_, child.name);
        out_.push_back(':');
      }
      if (write(child, row))
        any = true;
      else
        out_.resize(before);
    }
    out_.push_back(object ? '}' : ']');
    if (!any) out_.resize(start);
    return any;
  }

  Result<std::string> finish(const Row& first) {
    if (!write(layout_.whole, first)) out_ = "{}";
    if (misfit_) return *misfit_;
    if (out_.size() > kMaxBytes) return Failure{Status::too_large, "the answer is over 1 MiB: give the query a LIMIT"};
    return std::move(out_);
  }

 private:
  bool column(const Place& place, const Row& row) {
    const auto& cell = row[place.column];
    if (cell.kind == Cell::Kind::null) return false;
    if (auto misfit = render(cell, place.type, zone_, out_); misfit && !misfit_)
      misfit_ = Failure{misfit->status, "the column \"" + table_.columns[place.column] + "\" " + misfit->what};
    return true;
  }

  bool rows() {
    out_.push_back('[');
    bool any = false;
    for (const auto& row : table_.rows) {
      if (misfit_) break;
      if (any) out_.push_back(',');
      if (!write(layout_.row, row)) out_.append("{}");
      any = true;
    }
    out_.push_back(']');
    return true;
  }

  const TimeZone& zone_;
  const Table& table_;
  const Layout& layout_;
  std::string out_;
  std::optional<Failure> misfit_;
};

// Where no row came, the customer that was asked about is the one whom the empty answer is about.
Row row_of_nobody(const Layout& layout, std::size_t columns, const Request& request) {
  Row row(columns);
  for (const auto& echoed : layout.echoed)
    if (auto asked = request.find(echoed.echo->type))
      row[echoed.column] = {Cell::Kind::text, std::string(asked->value)};
  return row;
}

std::optional<Failure> disagreement(const Layout& layout, const Table& table) {
  for (auto column : layout.once)
    for (const auto& row : table.rows)
      if (row[column].kind != table.rows[0][column].kind || row[column].text != table.rows[0][column].text)
        return Failure{Status::ambiguous,
                       "the rows differ in \"" + table.columns[column] + "\", which stands once for all of them"};
  return std::nullopt;
}

Result<std::vector<Yield>> collect_yields(const Layout& layout, const Table& table) {
  std::vector<Yield> yields;
  for (const auto& yielded : layout.yields)
    for (const auto& row : table.rows) {
      const auto& cell = row[yielded.column];
      const auto* yield = yielded.yield;
      if (cell.text.empty() || cell.kind == Cell::Kind::null || cell.kind == Cell::Kind::binary) continue;
      if (!is_utf8(cell.text) || cell.text.find('\0') != std::string::npos)
        return Failure{Status::upstream_malformed, "the column \"" + yield->column + "\" holds text that is not UTF-8"};
      const bool known = std::any_of(yields.begin(), yields.end(), [&](const auto& each) {
        return each.type == yield->type && each.value == cell.text;
      });
      if (!known) yields.push_back({yield->type, cell.text, yield->verified});
    }
  return yields;
}

} // namespace

std::size_t rows_wanted(const SectionConfig& section) {
  return section.shape->many() ? kMaxRows : 2;
}

Result<Section> make_answer(const SectionConfig& section, const TimeZone& zone, const Table& table,
                            const Request& request) {
  const bool many = section.shape->many();
  if (table.rows.empty() && section.empty == WhenEmpty::not_found)
    return Failure{Status::not_found, "the query found no row"};
  if (!many && table.rows.size() > 1)
    return Failure{Status::ambiguous, "the query found several rows, and " + section.shape->name() + " is one record"};
  auto layout = lay_out(section, table.columns);
  if (!layout) return layout.failure();
  if (auto differing = disagreement(*layout, table)) return *differing;
  auto yields = collect_yields(*layout, table);
  if (!yields) return yields.failure();
  const Row first = table.rows.empty() ? row_of_nobody(*layout, table.columns.size(), request) : table.rows.front();
  auto data = Writer(zone, table, *layout).finish(first);
  if (!data) return data.failure();
  return Section{std::move(*data), std::move(*yields)};
}

} // namespace plugboard::sql
