#include "core/daemon/check.hpp"

#include "core/daemon/read_file.hpp"

#include <plugboard/shapes.hpp>

namespace plugboard::daemon {

json::Shapes published_shapes() {
  std::vector<std::string_view> texts;
  for (const auto& shape : shapes()) texts.push_back(shape.json);
  return std::move(json::compile_shapes(texts).value()); // ours: compiled by every test
}

int check_config(const std::string& path, const ResolveSecret& resolve, std::ostream& out) {
  auto text = read_file(path);
  if (!text) {
    out << text.error().message << "\n";
    return 1;
  }
  auto read = read_config(*text, path);
  auto judged = judge(read.config, resolve, published_shapes(), read.faults);
  for (const auto& fault : read.faults)
    out << path << ": " << (fault.pointer.empty() ? "/" : fault.pointer) << ": " << fault.message << "\n";
  if (!read.faults.empty()) {
    out << read.faults.size() << (read.faults.size() == 1 ? " fault" : " faults") << "\n";
    return 1;
  }
  out << path << ": good: " << judged.connectors.size() << " connectors, " << judged.catalog->sections().size()
      << " sections, " << judged.clients.size() << " clients\n";
  return 0;
}

} // namespace plugboard::daemon
