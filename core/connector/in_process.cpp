#include "core/connector/abi_text.hpp"
#include "core/connector/library.hpp"
#include "core/connector/plugin_error.hpp"
#include "core/connector/runner.hpp"
#include "core/connector/table_check.hpp"

namespace plugboard::connector {
namespace {

class InProcess final : public Runner {
 public:
  explicit InProcess(const plugboard_connector& table) : table_(table) {}

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
};

} // namespace

Result<std::unique_ptr<Runner>> run_in_process(const PluginFile& file, Libraries* libraries) {
  const auto table = libraries != nullptr ? libraries->map(file) : load_library(file);
  if (!table) return table.error();
  const auto checked = check_table(*table, file);
  if (!checked) return checked.error();
  return std::unique_ptr<Runner>(std::make_unique<InProcess>(*checked));
}

} // namespace plugboard::connector
