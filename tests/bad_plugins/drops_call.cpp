#include <plugboard/plugin.hpp>

namespace {

class Bad : public plugboard::AsyncLookup {
 public:
  Bad(plugboard::Host, std::string_view) {}

  void lookup(const plugboard::Request&, plugboard::Call) override {}
};

} // namespace

PLUGBOARD_EXPORT(Bad)
