#include <plugboard/plugin.hpp>

namespace {

class Bad : public plugboard::Lookup {
 public:
  Bad(plugboard::Host, std::string_view) { throw 7; }

  plugboard::Result<plugboard::Section> lookup(const plugboard::Request&) override { return plugboard::Section{}; }
};

} // namespace

PLUGBOARD_EXPORT(Bad)
