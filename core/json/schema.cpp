#include "core/json/schema.hpp"

#include "core/json/pointer.hpp"
#include "core/json/schema_faults.hpp"
#include "core/json/schema_lint.hpp"

#include <cstddef>
#include <exception>
#include <new>
#include <utility>

#include <valijson/internal/custom_allocator.hpp>

namespace {

void* memory_for_rules(std::size_t size) {
  return ::operator new(size);
}

} // namespace

// valijson's rules hold memory from operator new(nothrow) and do not look whether there was any, which would end the
// process. So it comes from the one that throws.
namespace valijson::internal {

template <>
inline CustomAllocator<void*>::CustomAllocator() : m_allocFn(memory_for_rules), m_freeFn(::operator delete) {}

} // namespace valijson::internal

#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

// The adapter would give this file, and no other, a RAPIDJSON_ASSERT that throws: two definitions of RapidJSON's inline
// functions in one program. valijson's own headers, above, have read this switch already.
#undef VALIJSON_USE_EXCEPTIONS
#include <valijson/adapters/rapidjson_adapter.hpp>

namespace valijson::adapters {

template <>
struct AdapterTraits<GenericRapidJsonAdapter<plugboard::json::TreeValue>> {
  using DocumentType = plugboard::json::Tree;

  static std::string adapterName() { return "hub"; }
};

} // namespace valijson::adapters

namespace plugboard::json {
namespace {

using Adapter = valijson::adapters::GenericRapidJsonAdapter<TreeValue>;

std::optional<std::string> populate(valijson::Schema& schema, const Tree& tree) {
  try { // valijson says by exception what it does not take
    valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(Adapter(tree), schema);
    return std::nullopt;
  } catch (const std::bad_alloc&) {
    throw; // no fault of the schema
  } catch (const std::exception& error) {
    return error.what();
  }
}

// valijson writes a path as "<root>", "[member]", "[3]".
std::string pointer_of(const std::vector<std::string>& context, std::string_view at) {
  std::string pointer(at);
  for (const std::string& step : context) {
    if (step.starts_with('[') && step.ends_with(']'))
      pointer = pointer_append(pointer, step.substr(1, step.size() - 2));
  }
  return pointer;
}

} // namespace

struct Schema::State {
  Tree tree;
  valijson::Schema rules{memory_for_rules, ::operator delete }; // of the tree without its formats
  bool formats_are_ours = false; // there are some: valijson throws where one meets a value that is no string
};

Schema::Schema(std::unique_ptr<State> state) : state_(std::move(state)) {}

Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

Result<Schema> Schema::compile(std::string_view schema_text) {
  Document document = read_document(schema_text, false);
  if (!document.faults.empty()) {
    const Fault& fault = document.faults.front();
    return fail(Code::malformed, fault.pointer.empty() ? fault.message : fault.pointer + ": " + fault.message);
  }
  if (auto linted = lint_schema(document.tree); !linted) return linted.error();
  auto state = std::make_unique<State>();
  state->tree = std::move(document.tree);
  Tree without_formats = copy_of(state->tree);
  state->formats_are_ours = remove_formats(without_formats);
  if (const auto why = populate(state->rules, without_formats)) return fail(Code::invalid_argument, *why);
  return Schema(std::move(state));
}

std::vector<Fault> Schema::check(const TreeValue& value, std::string_view at) const {
  valijson::Validator validator;
  valijson::ValidationResults results;
  const bool valid = validator.validate(state_->rules, Adapter(value), &results);
  if (valid && !state_->formats_are_ours) return {};
  std::vector<Fault> faults = explain(state_->tree, value, at);
  if (valid || !faults.empty()) return faults;
  // The verdict stands even where we have no better words for it than the validator's own.
  for (const auto& error : results) faults.push_back({pointer_of(error.context, at), error.description});
  return faults;
}

} // namespace plugboard::json
