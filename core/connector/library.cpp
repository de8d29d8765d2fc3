#include "core/connector/library.hpp"

#include "core/connector/forever.hpp"
#include "core/connector/guard.hpp"
#include "core/connector/sealed_plugin.hpp"

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>

#include <memory>

namespace plugboard::connector {
namespace {

// Both stay: the number of the descriptor is part of the library's name, and a number used again would
// name the old one.
struct Mapped {
  int fd = -1;
  boost::dll::shared_library library;
};

Result<const plugboard_connector*> map(Mapped& mapped, const std::string& where, const std::string& shown) {
  boost::dll::fs::error_code error;
  mapped.library.load(where, error, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
  if (error)
    return fail(Code::io, shown + " can't be loaded: " + error.message() +
                              "; `ldd -r` on it says which library or symbol is missing");
  if (!mapped.library.has(PLUGBOARD_ENTRY_SYMBOL))
    return fail(Code::malformed, shown + " has no function " + PLUGBOARD_ENTRY_SYMBOL +
                                     ": end one source file with PLUGBOARD_EXPORT(…)");
  const auto entry = &mapped.library.get<const plugboard_connector*()>(PLUGBOARD_ENTRY_SYMBOL);
  const plugboard_connector* table = nullptr;
  if (!guarded([&] { table = entry(); }))
    return fail(Code::malformed, shown + ": " + PLUGBOARD_ENTRY_SYMBOL + " threw an exception");
  return table;
}

} // namespace

Result<const plugboard_connector*> load_library(const PluginFile& file) {
  const auto fd = seal_plugin(file);
  if (!fd) return fd.error();
  Mapped& mapped = keep_for_ever(std::make_unique<Mapped>()); // also when what follows fails: constructors have run
  mapped.fd = *fd;
  return map(mapped, "/proc/self/fd/" + std::to_string(*fd), file.path);
}

Result<const plugboard_connector*> map_library(const std::string& where, const std::string& shown) {
  return map(keep_for_ever(std::make_unique<Mapped>()), where, shown);
}

} // namespace plugboard::connector
