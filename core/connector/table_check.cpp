#include "core/connector/table_check.hpp"

#include "core/connector/abi_text.hpp"

#include <cstddef>
#include <cstring>
#include <string_view>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostName = 64;

std::string_view text_at(const char* text) { // what is not ended in time is cut
  return text == nullptr ? std::string_view() : std::string_view(text, ::strnlen(text, kMostName));
}

Error refuse(const PluginFile& file, const std::string& sentence) {
  return fail(Code::malformed, file.path + ": " + sentence);
}

Result<void> check_prefix(const plugboard_connector* table, const PluginFile& file) {
  if (table == nullptr) return refuse(file, "its entry returned no table");
  if (table->p.magic != PLUGBOARD_MAGIC)
    return refuse(file, "the table that its entry returned does not begin with the magic number: fill its prefix with "
                        "PLUGBOARD_PREFIX(plugboard_connector)");
  if (table->p.abi_major != PLUGBOARD_ABI_MAJOR)
    return refuse(file, "its table speaks ABI " + std::to_string(table->p.abi_major) + "; this hub speaks " +
                            std::to_string(PLUGBOARD_ABI_MAJOR) + ": rebuild it with this hub's SDK");
  if (table->p.struct_size < offsetof(plugboard_connector, extension))
    return refuse(file, "its table is too short: " + std::to_string(table->p.struct_size) + " bytes, where 1.0 has " +
                            std::to_string(offsetof(plugboard_connector, extension)));
  return {};
}

const char* missing_function(const plugboard_connector& table) {
  if (table.create == nullptr) return "create";
  if (table.start == nullptr) return "start";
  if (table.call == nullptr) return "call";
  if (table.stop == nullptr) return "stop";
  if (table.destroy == nullptr) return "destroy";
  return nullptr;
}

} // namespace

Result<plugboard_connector> check_table(const plugboard_connector* table, const PluginFile& file) {
  if (auto prefix = check_prefix(table, file); !prefix) return prefix.error();
  plugboard_connector copy;
  static_cast<void>(read_struct(table, offsetof(plugboard_connector, extension), copy));
  if (file.manifest.min_host_minor && copy.min_host_minor != *file.manifest.min_host_minor)
    return refuse(file, "its table says that it needs a hub of ABI " + std::to_string(PLUGBOARD_ABI_MAJOR) + "." +
                            std::to_string(copy.min_host_minor) + ", its manifest " +
                            std::to_string(PLUGBOARD_ABI_MAJOR) + "." + std::to_string(*file.manifest.min_host_minor) +
                            ": build both from one manifest.json");
  if (copy.min_host_minor > PLUGBOARD_ABI_MINOR) return refuse(file, needs_later_hub(copy.min_host_minor));
  if (text_at(copy.name) != file.manifest.name || text_at(copy.version) != file.manifest.version)
    return refuse(file, "its table says that it is \"" + std::string(text_at(copy.name)) + "\" " +
                            std::string(text_at(copy.version)) + ", its manifest \"" + file.manifest.name + "\" " +
                            file.manifest.version + ": build both from one manifest.json");
  if (const char* function = missing_function(copy))
    return refuse(file, std::string("its table has no ") + function + "()");
  return copy;
}

} // namespace plugboard::connector
