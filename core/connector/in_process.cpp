#include "core/connector/abi_text.hpp"
#include "core/connector/library.hpp"
#include "core/connector/plugin_error.hpp"
#include "core/connector/runner.hpp"
#include "core/connector/table_check.hpp"

namespace plugboard::connector {
namespace {

// The use of one mapped library. What is mapped stays mapped; its end makes it free for another start.
class Mapping {
 public:
  static Result<Mapping> of(const PluginFile& file, std::shared_ptr<Libraries> libraries) {
    if (const auto* free = libraries ? libraries->take(file) : nullptr)
      return Mapping(file, std::move(libraries), free);
    const auto table = load_library(file);
    if (!table) return table.error();
    return Mapping(file, std::move(libraries), *table);
  }

  Mapping(Mapping&&) noexcept = default;
  Mapping& operator=(Mapping&&) = delete;

  ~Mapping() {
    if (libraries_ && table_) libraries_->give_back(file_, *table_);
  }

  const plugboard_connector* table() const { return table_; } // unchecked

 private:
  Mapping(PluginFile file, std::shared_ptr<Libraries> libraries, const plugboard_connector* table)
      : file_(std::move(file)), libraries_(std::move(libraries)), table_(table) {}

  PluginFile file_;
  std::shared_ptr<Libraries> libraries_; // null once moved from
  const plugboard_connector* table_;     // null: its entry gave none
};

class InProcess final : public Runner {
 public:
  InProcess(const plugboard_connector& table, Mapping mapping) : table_(table), mapping_(std::move(mapping)) {}

  const plugboard_connector& table() const override { return table_; }

  Result<void*> create(const plugboard_host& host, std::string_view config) override {
    void* instance = nullptr;
    const auto made = ask_plugin(
        "create", [&](plugboard_error* error) { return table_.create(&host, str(config), &instance, error); });
    if (!made) return made.error();
    return instance;
  }

 private:
  const plugboard_connector table_;
  const Mapping mapping_;
};

} // namespace

Result<std::unique_ptr<Runner>> run_in_process(const PluginFile& file, std::shared_ptr<Libraries> libraries) {
  auto mapping = Mapping::of(file, std::move(libraries));
  if (!mapping) return mapping.error();
  const auto checked = check_table(mapping->table(), file);
  if (!checked) return checked.error();
  return std::unique_ptr<Runner>(std::make_unique<InProcess>(*checked, std::move(*mapping)));
}

} // namespace plugboard::connector
