#include "core/connector/metric_spec.hpp"

#include "core/base/ids.hpp"
#include "core/json/pointer.hpp"

#include <algorithm>
#include <cmath>

namespace plugboard::connector {
namespace {

using Value = json::TreeValue;

constexpr std::size_t kMostMetrics = 64, kMostLabels = 4, kMostSeries = 256; // series: of all metrics together
constexpr std::size_t kMostValues = 64, kMostBuckets = 30, kMostText = 64;

Error wrong(const std::string& at, const std::string& what) {
  return fail(Code::malformed, at + ": " + what);
}

bool is_plain(const Value& value, std::size_t most) {
  if (!value.IsString()) return false;
  const auto text = json::text_of(value);
  return !text.empty() && text.size() <= most &&
         std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool knows(std::string_view key, std::initializer_list<std::string_view> known) {
  return std::find(known.begin(), known.end(), key) != known.end();
}

Result<MetricLabel> read_label(std::string_view name, const Value& values, const std::string& at) {
  if (!is_connector_name(name) || name == "connector" || name == "le")
    return wrong(at, "a label is a small letter, then up to 31 small letters, digits or _; \"connector\" and \"le\" "
                     "are the hub's own");
  MetricLabel label{std::string(name), {}};
  if (!values.IsArray() || values.Empty() || values.Size() > kMostValues)
    return wrong(at, "must list all values that the label may have, 1 to 64 of them");
  for (const Value& value : values.GetArray()) {
    if (!is_plain(value, kMostText)) return wrong(at, "a value is a text of at most 64 bytes");
    label.values.emplace_back(json::text_of(value));
  }
  auto sorted = label.values;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return wrong(at, "names a value twice");
  return label;
}

Result<void> read_labels(const Value& labels, const std::string& at, MetricSpec& spec) {
  if (!labels.IsObject() || labels.MemberCount() > kMostLabels)
    return wrong(at, "must be an object of at most 4 labels: {\"outcome\": [\"hit\", \"miss\"]}");
  for (const auto& entry : labels.GetObject()) {
    const auto name = json::text_of(entry.name);
    auto label = read_label(name, entry.value, json::pointer_append(at, name));
    if (!label) return label.error();
    spec.labels.push_back(std::move(*label));
  }
  return {};
}

Result<void> read_buckets(const Value& buckets, const std::string& at, MetricSpec& spec) {
  if (spec.kind != MetricKind::histogram) return wrong(at, "only a histogram has buckets");
  if (!buckets.IsArray() || buckets.Empty() || buckets.Size() > kMostBuckets)
    return wrong(at, "must be a list of 1 to 30 numbers");
  for (const Value& bound : buckets.GetArray()) {
    if (!bound.IsNumber() || (!spec.buckets.empty() && bound.GetDouble() <= spec.buckets.back()))
      return wrong(at, "must be numbers, each larger than the one before");
    spec.buckets.push_back(bound.GetDouble());
  }
  return {};
}

Result<MetricKind> read_kind(const Value* type, const std::string& at) {
  const auto text = type != nullptr && type->IsString() ? json::text_of(*type) : std::string_view();
  if (text == "counter") return MetricKind::counter;
  if (text == "gauge") return MetricKind::gauge;
  if (text == "histogram") return MetricKind::histogram;
  return wrong(at + "/type", "must be \"counter\", \"gauge\" or \"histogram\"");
}

Result<MetricSpec> read_spec(std::string_view name, const Value& metric, const std::string& at) {
  MetricSpec spec;
  spec.name = name;
  if (!is_connector_name(name)) return wrong(at, "a name is a small letter, then up to 31 small letters, digits or _");
  if (!metric.IsObject()) return wrong(at, R"(must be an object: {"type": "counter", "help": "…"})");
  for (const auto& entry : metric.GetObject())
    if (!knows(json::text_of(entry.name), {"type", "help", "labels", "buckets"}))
      return wrong(json::pointer_append(at, json::text_of(entry.name)), "this hub does not know this member");
  const auto kind = read_kind(json::member(metric, "type"), at);
  if (!kind) return kind.error();
  spec.kind = *kind;
  if ((spec.kind == MetricKind::counter) != name.ends_with("_total"))
    return wrong(at, "a counter's name ends with \"_total\", and no other's does");
  const Value* help = json::member(metric, "help");
  if (help == nullptr || !is_plain(*help, 256)) return wrong(at + "/help", "must say in a line what is counted");
  spec.help = json::text_of(*help);
  if (const Value* labels = json::member(metric, "labels"))
    if (auto read = read_labels(*labels, at + "/labels", spec); !read) return read.error();
  if (const Value* buckets = json::member(metric, "buckets"))
    if (auto read = read_buckets(*buckets, at + "/buckets", spec); !read) return read.error();
  return spec;
}

} // namespace

std::size_t MetricSpec::series() const {
  std::size_t count = 1;
  for (const MetricLabel& label : labels) count *= label.values.size();
  return count;
}

std::optional<std::size_t> MetricSpec::series_of(std::span<const std::string_view> values) const {
  if (values.size() != labels.size()) return std::nullopt;
  std::size_t index = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto& known = labels[i].values;
    const auto found = std::find(known.begin(), known.end(), values[i]);
    if (found == known.end()) return std::nullopt;
    index = index * known.size() + static_cast<std::size_t>(found - known.begin());
  }
  return index;
}

std::vector<std::string_view> MetricSpec::values_of(std::size_t series) const {
  std::vector<std::string_view> values(labels.size());
  for (std::size_t i = labels.size(); i > 0; --i) {
    const auto& known = labels[i - 1].values;
    values[i - 1] = known[series % known.size()];
    series /= known.size();
  }
  return values;
}

bool MetricSpec::takes(double value) const {
  return std::isfinite(value) && (kind != MetricKind::counter || value >= 0);
}

Result<std::vector<MetricSpec>> read_metric_specs(const Value& metrics, const std::string& at) {
  if (!metrics.IsObject() || metrics.MemberCount() > kMostMetrics)
    return wrong(at, "must be an object of at most 64 metrics: {\"retries_total\": {\"type\": \"counter\", …}}");
  std::vector<MetricSpec> specs;
  std::size_t series = 0;
  for (const auto& entry : metrics.GetObject()) {
    const auto name = json::text_of(entry.name);
    auto spec = read_spec(name, entry.value, json::pointer_append(at, name));
    if (!spec) return spec.error();
    series += spec->series();
    if (series > kMostSeries)
      return wrong(at, "all values of all labels together make more than 256 series: give the labels fewer values");
    specs.push_back(std::move(*spec));
  }
  return specs;
}

} // namespace plugboard::connector
